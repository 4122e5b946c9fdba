import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releaseSnarkjs } from '../support/freeSignals.js';
import {
  ACCOUNT_TIME,
  type GateSystem,
  gateSystem,
  NOW,
  ORACLE_MAX_AGE,
  POLICY,
  type Refusal,
  RISK_TIME,
  VENUE_MAX_AGE,
} from '../support/gateSystem.js';

// The clock of a gate against a plain model that looks at every single second: properties G1 to G4 of properties.md.

const RUNS = 12;
const SEED = 20_261_121;
const STATUS = { unknown: 0n, healthy: 1n, marginCall: 2n, liquidatable: 3n };

/** What happened to one source of roots, in the order of time. */
interface SourceEvent {
  readonly time: bigint;
  /** last second at which the newest root can be used from here on; before this very second if it was revoked */
  readonly usableUntil: bigint;
}

/** A second counts if the latest event before its end left a root that can still be used in it. */
const isUp = (events: readonly SourceEvent[], second: bigint): boolean => {
  const last = events.findLast(({ time }) => time <= second);
  return last !== undefined && last.usableUntil >= second;
};

type Command =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'account' | 'risk' | 'revokeAccount' | 'revokeRisk' | 'revokeOwn' | 'pause' | 'unpause' };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4000 }).map((seconds) => ({ kind: 'wait' as const, seconds })) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        'account',
        'account',
        'risk',
        'risk',
        'revokeAccount',
        'revokeRisk',
        'revokeOwn',
        'pause',
        'unpause',
      )
      .map((kind) => ({ kind }) as Command),
  },
);

let system: GateSystem;

beforeAll(async () => {
  system = await gateSystem();
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

describe('gate: the clock', () => {
  test('is that of the model, whatever sources do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
        const before = await system.snapshot();
        try {
          await run(commands);
        } finally {
          await system.revert(before);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

/** A source takes no root that would end a second outage within minutes; anything else that it refuses is a fault here. */
const isTaken = (post: Promise<unknown>): Promise<boolean> =>
  post.then(
    () => true,
    (cause: unknown) => {
      if ((cause as Partial<Refusal>).error === 'OutageTooSoon') return false;
      throw cause;
    },
  );

async function run(commands: readonly Command[]): Promise<void> {
  const { alice } = system;
  await system.at(NOW);
  const end = ACCOUNT_TIME + POLICY.maxAge;
  await system.send(system.gateAs(alice), 'submit', await system.submission());
  const account: SourceEvent[] = [{ time: 0n, usableUntil: ACCOUNT_TIME + VENUE_MAX_AGE }];
  const risk: SourceEvent[] = [{ time: 0n, usableUntil: RISK_TIME + ORACLE_MAX_AGE }];
  const pauses: SourceEvent[] = [{ time: 0n, usableUntil: 1n << 64n }];
  const newest = { account: 1001n, risk: 2001n };
  let revokedAt: bigint | undefined;
  let root = 500_000n;

  for (const { kind, ...rest } of commands) {
    const now = await system.time();
    if (kind === 'wait') {
      await system.at(now + BigInt((rest as { seconds: number }).seconds));
    } else if (kind === 'account') {
      await system.at(now + 1n); // roots' times increase
      if (!(await isTaken(system.postAccount(++root, now + 1n)))) continue;
      account.push({ time: await system.time(), usableUntil: now + 1n + VENUE_MAX_AGE });
      newest.account = root;
    } else if (kind === 'risk' && pauses.at(-1)?.usableUntil !== 0n) {
      await system.at(now + 1n);
      if (!(await isTaken(system.postRisk(++root, now + 1n)))) continue;
      risk.push({ time: await system.time(), usableUntil: now + 1n + ORACLE_MAX_AGE });
      newest.risk = root;
    } else if (kind === 'revokeAccount' || kind === 'revokeRisk' || kind === 'revokeOwn') {
      const source = kind === 'revokeRisk' ? 'risk' : 'account';
      const target = kind === 'revokeOwn' ? 1001n : newest[source];
      const revoke = source === 'risk' ? system.revokeRisk : system.revokeAccount;
      const done = await revoke(target).then(
        () => true,
        () => false,
      );
      if (!done) continue;
      const time = await system.time();
      if (target === newest[source]) (source === 'risk' ? risk : account).push({ time, usableUntil: 0n });
      if (target === 1001n || target === 2001n) revokedAt ??= time;
    } else if (kind === 'pause' || kind === 'unpause') {
      const isPaused = pauses.at(-1)?.usableUntil === 0n;
      if (isPaused === (kind === 'pause')) continue;
      await (isPaused ? system.unpause() : system.pause());
      pauses.push({ time: await system.time(), usableUntil: isPaused ? 1n << 64n : 0n });
    }

    const time = await system.time();
    const counted = (from: bigint): bigint => {
      let seconds = 0n;
      for (let second = from; second < time; second++) {
        if (isUp(account, second) && isUp(risk, second) && isUp(pauses, second)) seconds++;
      }
      return seconds;
    };
    const lived = counted(ACCOUNT_TIME);
    const sinceEnd = lived > POLICY.maxAge ? lived - POLICY.maxAge : 0n;
    const sinceRevoked = revokedAt === undefined ? 0n : counted(revokedAt) + 1n;
    const called = sinceEnd > sinceRevoked ? sinceEnd : sinceRevoked;

    const read = (method: string) => system.gate.getFunction(method)(alice.address);
    const expectedStatus =
      called === 0n ? STATUS.healthy : called <= POLICY.callPeriod ? STATUS.marginCall : STATUS.liquidatable;
    const left = called === 0n ? POLICY.maxAge - lived : called <= POLICY.callPeriod ? POLICY.callPeriod - called : 0n;
    const solvent = time <= end && revokedAt === undefined && pauses.at(-1)?.usableUntil !== 0n;
    expect([await read('statusOf'), await read('secondsLeft'), await read('isSolvent')]).toEqual([
      expectedStatus,
      left,
      solvent,
    ]);
  }
}
