import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AttestationLedger,
  CHALLENGES,
  type Command,
  KINDS,
  type Kind,
  type Placed,
  type Plain,
  POSITIONS,
} from '../support/attestationLedger.js';
import {
  ANSWER_WINDOW,
  type AttestationSystem,
  attestationSystem,
  BOND,
  CHALLENGE_WINDOW,
  type Chain,
  FEE,
  type Header,
  hash32,
  NOWHERE,
  RISK_ROOT,
  type State,
} from '../support/attestationSystem.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { Refusal } from '../support/gateSystem.js';

/** A failure prints the sequence; the seed makes it again. */
const RUN = { seed: 20_260, numRuns: 40 };
/** of which about every second is made: an aimed call that cannot succeed is left out */
const SEQUENCE = { minLength: 24, maxLength: 24 };

const shared = {
  by: fc.integer({ min: 0, max: 3 }),
  of: fc.integer({ min: 0, max: 3 }),
  // mostly short: most calls mean something while an attestation is pending only
  after: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(1n, 20n, 400n) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(ANSWER_WINDOW, ANSWER_WINDOW + 1n, CHALLENGE_WINDOW, CHALLENGE_WINDOW + 1n),
    },
  ),
  isAimed: fc.constantFrom(true, true, false),
};
/** A demand often comes late: only then does its answer put off the end of challenges. */
const beforeDemand = fc.constantFrom(1n, 20n, CHALLENGE_WINDOW - 20n, CHALLENGE_WINDOW);
const attest = fc.record({ does: fc.constant('attest' as const), kind: fc.constantFrom(...KINDS), ...shared });
const plain = (does: Plain) => fc.record({ does: fc.constant(does), ...shared });
const placedAt = { position: fc.constantFrom(...POSITIONS), ...shared };
const placed = (does: Placed) => fc.record({ does: fc.constant(does), ...placedAt });
const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 15, arbitrary: attest },
  ...CHALLENGES.map((does) => ({ weight: 6, arbitrary: placed(does) })),
  { weight: 18, arbitrary: fc.record({ ...placedAt, does: fc.constant('demand' as const), after: beforeDemand }) },
  { weight: 15, arbitrary: placed('answer') },
  { weight: 9, arbitrary: placed('claimUnanswered') },
  { weight: 9, arbitrary: placed('reclaimFee') },
  { weight: 2, arbitrary: plain('retract') },
  { weight: 9, arbitrary: plain('withdrawBond') },
  { weight: 6, arbitrary: plain('withdraw') },
  { weight: 1, arbitrary: plain('revokeRisk') },
);

let s: AttestationSystem;
let chains: Readonly<Record<Kind, Chain>>;
let actors: readonly string[];
/** calls that succeeded: properties that refusals alone uphold would say little */
const succeeded = new Map<string, number>();

beforeAll(async () => {
  s = await attestationSystem();
  actors = [s.venue, s.other, s.challenger, s.stranger];
  chains = {
    honest: await s.bundle(3, 1001n),
    falseProof: await s.bundle(3, 1002n, {
      entries: { 1: (entry) => ({ ...entry, proof: { ...entry.proof, a: entry.proof.c, c: entry.proof.a } }) },
    }),
    wrongTable: await s.bundle(3, 1003n, { signals: { 1: { tableHash: 9n } } }),
    unchained: await s.bundle(3, 1004n, { signals: { 2: { stateBefore: 9n } } }),
    unknownLeaf: await s.bundle(3, 1005n, { leaves: { 1: hash32(9n) } }),
  };
}, 120_000);

afterAll(async () => {
  await s?.stop();
  await releaseSnarkjs();
});

interface Call {
  readonly method: string;
  readonly parameters: readonly unknown[];
  readonly value?: bigint;
  readonly from?: string;
  readonly to?: string;
}

function callOf(command: Command, ledger: AttestationLedger, header: Header): Call | undefined {
  const { does } = command;
  if (does === 'attest') return { method: does, parameters: [header], value: BOND };
  if (does === 'withdraw') return { method: does, parameters: [] };
  if (does === 'revokeRisk') return { method: 'revoke', parameters: [RISK_ROOT], from: s.guardian, to: s.oracle };
  const known = ledger.about(command);
  if (known === undefined) return undefined;
  const { id, chain } = known;
  if (does === 'retract' || does === 'withdrawBond') return { method: does, parameters: [id] };
  const { position } = command;
  if (does === 'demand') return { method: does, parameters: [id, position], value: FEE };
  if (does === 'claimUnanswered' || does === 'reclaimFee') return { method: does, parameters: [id, position] };
  const next = does === 'challengeChain' ? chain.at(Math.min(position + 1, 4)) : [];
  return { method: does, parameters: [id, position, ...chain.at(position), ...next] };
}

/** Gas that a transaction took from its sender; undefined if it was refused. */
async function sent({ method, parameters, from, to, value }: Call & { readonly from: string }) {
  try {
    const options = { ...(to === undefined ? {} : { to }), ...(value === undefined ? {} : { value }) };
    const { gasUsed, gasPrice } = await s.send(from, method, parameters, options);
    return gasUsed * gasPrice;
  } catch (cause) {
    if (cause instanceof Refusal) return undefined;
    throw cause;
  }
}

async function runSequence(sequence: readonly Command[]): Promise<void> {
  const ledger = new AttestationLedger(actors.length);
  const burnedBefore = await s.balance(NOWHERE);
  const lastSeen = new Map<string, State>();
  /** wei that actors gained, gas apart */
  let gained = 0n;

  for (const drawn of sequence) {
    const now = (await s.time()) + drawn.after;
    const command = ledger.aim(drawn, now);
    if (command === undefined) continue;
    const kind = command.does === 'attest' ? command.kind : 'honest';
    const header = { ...chains[kind].header, bundleHash: hash32(BigInt(ledger.attestations.length + 1)) };
    const call = callOf(command, ledger, header);
    if (call === undefined) continue;
    const from = call.from ?? (actors[command.by] as string);
    const isAllowed = ledger.allows(command, now);
    const before = await s.balance(from);
    await s.next(now);
    const gas = await sent({ ...call, from });
    expect({ command, succeeded: gas !== undefined }).toEqual({ command, succeeded: isAllowed });
    if (gas !== undefined) {
      gained += (await s.balance(from)) - before + gas;
      succeeded.set(command.does, (succeeded.get(command.does) ?? 0) + 1);
      if (command.does === 'attest') {
        ledger.attested(await s.idOf(header, from), kind, chains[kind], command.by, now);
      }
      ledger.enter(command, now);
    }

    const balance = await s.balance(s.address);
    const burned = (await s.balance(NOWHERE)) - burnedBefore;
    const credits = await Promise.all(actors.map((actor) => s.read<bigint>('creditOf', actor)));
    expect({ balance, credits }, 'A1').toEqual({ balance: ledger.held(), credits: ledger.credits });
    expect(burned, 'A2').toBe(ledger.burned);
    expect(gained + balance + burned, 'A3').toBe(0n);
    for (const known of ledger.attestations) {
      const state = await s.stateOf(known.id);
      expect({ known: known.kind, state }, 'A4, A5').toEqual({ known: known.kind, state: ledger.stateOf(known, now) });
      const last = lastSeen.get(known.id) ?? 'Pending';
      if (last !== 'Pending') expect(state, 'A6').toBe(last);
      lastSeen.set(known.id, state);
    }
  }
}

test('A1 to A6 hold after any sequence of calls', async () => {
  const property = fc.asyncProperty(attest, fc.array(commands, SEQUENCE), async (first, rest) => {
    const saved = await s.snapshot();
    try {
      await runSequence([first, ...rest]);
    } finally {
      await s.revert(saved);
    }
  });
  await fc.assert(property, RUN);
  const calls = ['attest', ...CHALLENGES, 'demand', 'answer', 'claimUnanswered', 'reclaimFee', 'retract'];
  for (const call of [...calls, 'withdrawBond', 'withdraw', 'revokeRisk']) {
    expect({ call, times: succeeded.get(call) ?? 0 }).toEqual({ call, times: expect.toSatisfy((n: number) => n > 0) });
  }
});
