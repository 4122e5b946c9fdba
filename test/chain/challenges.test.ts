import { readFileSync } from 'node:fs';
import { Interface, type InterfaceAbi } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compileContract } from '../../src/chain/compileContracts.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import { type ChainEntry, entryCalldata } from '../../src/chain/proofTree.js';
import { verifierContractName, verifierSource } from '../../src/chain/verifierSource.js';
import type { PointG2, ProofPoints } from '../../src/proof/marginProof.js';
import {
  type AttestationSystem,
  attestationSystem,
  BOND,
  type Chain,
  type Changes,
  FAULTS,
  type Fault,
  hash32,
  OTHER_RISK_ROOT,
  plusOrder,
  TABLE,
} from '../support/attestationSystem.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { compiled } from '../support/contracts.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { executionGas, expectGas } from '../support/gas.js';

const ROOT = 1001n;
const POSITIONS = [0, 1, 2, 3, 4];

let s: AttestationSystem;
let saved: string;
let honest: Chain;
let smallOrder: (entry: ChainEntry) => ChainEntry;

const swapped = ([x, y]: PointG2): PointG2 => [
  [x[1], x[0]],
  [y[1], y[0]],
];
const withProof = (change: (proof: ProofPoints) => ProofPoints) => (entry: ChainEntry) => ({
  ...entry,
  proof: change(entry.proof),
});

beforeAll(async () => {
  const [system, arithmetic] = await Promise.all([attestationSystem(), proofArithmetic()]);
  s = system;
  honest = await s.bundle(3, ROOT);
  smallOrder = withProof((proof) => {
    const { a, b, c } = arithmetic.withSmallOrderPoint(proofCalldata(proof));
    return { a, b: swapped(b), c };
  });
}, 120_000);

afterAll(async () => {
  await s?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  saved = await s.snapshot();
});

afterEach(async () => {
  await s.revert(saved);
});

const refuses = (call: Promise<unknown>, error: string) =>
  expect(call).rejects.toEqual(expect.objectContaining({ error }));

async function attest(chain: Chain): Promise<string> {
  await s.send(s.venue, 'attest', [chain.header], { value: BOND });
  return s.idOf(chain.header);
}

const chainCall = (id: string, chain: Chain, position: number) => [
  id,
  position,
  ...chain.at(position),
  ...chain.at(position + 1),
];

/** Attests with the changes and challenges; the fault that it was revoked for. */
async function faultShown(method: string, changes: Changes, position: number): Promise<Fault> {
  const chain = await s.bundle(3, ROOT, changes);
  const id = await attest(chain);
  const parameters =
    method === 'challengeChain' ? chainCall(id, chain, position) : [id, position, ...chain.at(position)];
  const receipt = await s.send(s.challenger, method, parameters);
  const event = s.events(receipt).find(({ name }) => name === 'AttestationRevoked');
  expect(event?.args.toObject()).toMatchObject({ id, rewarded: s.challenger, position: BigInt(position) });
  expect(await s.stateOf(id)).toBe('Revoked');
  expect(await s.read('creditOf', s.challenger)).toBe(BOND / 2n);
  return FAULTS[Number(event?.args['fault'])] as Fault;
}

describe('an attestation without a fault', () => {
  test.each(['opening', 'coverage'] as const)('no challenge of any entry succeeds (%s)', async (closing) => {
    const chain = closing === 'coverage' ? honest : await s.bundle(3, ROOT, { closing });
    const id = await attest(chain);
    for (const position of POSITIONS) {
      const entry = [id, position, ...chain.at(position)];
      await refuses(s.call(s.challenger, 'challengeEntry', entry), 'NothingWrong');
      await refuses(s.call(s.challenger, 'challengeProof', entry), 'ProofIsValid');
    }
    for (const position of [0, 1]) {
      await refuses(s.call(s.challenger, 'challengeChain', chainCall(id, chain, position)), 'NothingWrong');
    }
  });

  test('an entry that is not in its tree, at another position or changed, shows nothing', async () => {
    const id = await attest(honest);
    const other = await s.bundle(3, ROOT, { signals: { 1: { tableHash: 9n } } });
    const [entry, path] = honest.at(1);
    for (const method of ['challengeEntry', 'challengeProof']) {
      await refuses(s.call(s.challenger, method, [id, 1, ...other.at(1)]), 'NotInTree');
      await refuses(s.call(s.challenger, method, [id, 1, other.at(1)[0], path]), 'NotInTree');
      await refuses(s.call(s.challenger, method, [id, 2, entry, path]), 'NotInTree');
      await refuses(s.call(s.challenger, method, [id, 1, honest.at(2)[0], path]), 'NotInTree');
      await refuses(s.call(s.challenger, method, [id, 5, entry, honest.at(1)[1]]), 'NoSuchPosition');
      // the low bits of the position are those of an entry, the number is not
      await refuses(s.call(s.challenger, method, [id, 2n ** 20n + 1n, entry, path]), 'NoSuchPosition');
      await refuses(s.call(s.challenger, method, [hash32(1n), 1, entry, path]), 'WrongState');
    }
    await refuses(s.call(s.challenger, 'challengeChain', [id, 0, ...honest.at(0), ...honest.at(2)]), 'NotInTree');
    await refuses(s.call(s.challenger, 'challengeChain', [id, 0, ...other.at(1), ...honest.at(1)]), 'NotInTree');
    // the start proof does not follow the last batch, nor the closing proof the start
    for (const position of [2, 3]) {
      await refuses(s.call(s.challenger, 'challengeChain', chainCall(id, honest, position)), 'NoSuchPosition');
    }
  });

  test('the empty leaf behind the last position is no entry', async () => {
    const id = await attest(honest);
    const [, path] = honest.at(4);
    await refuses(s.call(s.challenger, 'challengeEntry', [id, 4, honest.at(3)[0], path]), 'NotInTree');
  });
});

describe('challengeEntry: grounds', () => {
  const otherVerifier = (name: 'start' | 'batch' | 'coverage') => (entry: ChainEntry) => ({
    ...entry,
    verifier: s.verifiers[name],
  });
  const signals = (change: (signals: readonly bigint[]) => readonly bigint[]) => (entry: ChainEntry) => ({
    ...entry,
    signals: change(entry.signals),
  });

  test.each<readonly [string, Fault, number, Changes]>([
    ['a batch of another statement', 'Statement', 1, { signals: { 1: { statement: 9n } } }],
    ['a start of another statement', 'Statement', 3, { signals: { 3: { statement: 9n } } }],
    ['a closing of another statement', 'Statement', 4, { signals: { 4: { statement: 9n } } }],
    ['batches that begin elsewhere', 'FirstState', 0, { signals: { 0: { stateBefore: 9n } } }],
    ['a start of another first state', 'FirstState', 3, { signals: { 3: { firstState: 9n } } }],
    ['batches that end elsewhere', 'LastState', 2, { signals: { 2: { stateAfter: 9n } } }],
    ['a closing of another last state', 'LastState', 4, { signals: { 4: { lastState: 9n } } }],
    ['a closing of other accounts', 'AccountRoot', 4, { signals: { 4: { accountRoot: 9n } } }],
    ['a closing under another risk root', 'RiskRoot', 4, { signals: { 4: { riskRoot: OTHER_RISK_ROOT } } }],
    ['the same, opened', 'RiskRoot', 4, { closing: 'opening', signals: { 4: { riskRoot: OTHER_RISK_ROOT } } }],
    ['a table that nobody approved', 'Table', 1, { signals: { 1: { tableHash: TABLE + 1n } } }],
    ['a header of another statement', 'Statement', 0, { header: { statement: 9n } }],
    ['a header of another first state', 'FirstState', 3, { header: { firstState: 9n } }],
    ['a header of another last state', 'LastState', 4, { header: { lastState: 9n } }],
    ['a header of other accounts', 'AccountRoot', 4, { header: { accountRoot: 9n } }],
    ['a header of another risk root', 'RiskRoot', 4, { header: { riskRoot: OTHER_RISK_ROOT } }],
    ['one batch less than counted: its place is the start’s', 'Verifier', 3, { header: { count: 4 } }],
    ['one batch more than counted', 'Verifier', 2, { header: { count: 2 } }],
    ['a batch’s verifier for the start', 'Verifier', 3, { entries: { 3: (e) => otherVerifier('batch')(e) } }],
    ['a start’s verifier for a batch', 'Verifier', 1, { entries: { 1: (e) => otherVerifier('start')(e) } }],
    ['a closing’s verifier for a batch', 'Verifier', 1, { entries: { 1: (e) => otherVerifier('coverage')(e) } }],
    ['a batch’s verifier for the closing', 'Verifier', 4, { entries: { 4: (e) => otherVerifier('batch')(e) } }],
    ['an address without code', 'Verifier', 1, { entries: { 1: (e) => ({ ...e, verifier: `0x${'12'.repeat(20)}` }) } }],
    ['a signal too few', 'SignalCount', 1, { entries: { 1: signals((all) => all.slice(1)) } }],
    ['no signal', 'SignalCount', 3, { entries: { 3: signals(() => []) } }],
    ['a signal too many', 'SignalCount', 4, { entries: { 4: signals((all) => [...all, 0n]) } }],
    ['hundreds of signals', 'SignalCount', 1, { entries: { 1: signals(() => new Array<bigint>(800).fill(1n)) } }],
  ])('%s', async (_, fault, position, changes) => {
    expect(await faultShown('challengeEntry', changes, position)).toBe(fault);
  });

  test.each([
    [0, 0],
    [1, 4],
    [3, 1],
    [4, 9],
  ] as const)('the entry at %i with signal %i written as another number of the same residue', async (position, i) => {
    const changes = { entries: { [position]: signals((all) => plusOrder(all, i)) } };
    expect(await faultShown('challengeEntry', changes, position)).toBe('SignalRange');
  });

  test('a signal that is r itself, or the largest word', async () => {
    for (const value of [R, 2n ** 256n - 1n]) {
      const changes = { entries: { 1: signals((all) => [...all.slice(0, 4), value]) } };
      const before = await s.snapshot();
      expect(await faultShown('challengeEntry', changes, 1)).toBe('SignalRange');
      await s.revert(before);
    }
  });

  test('a table that the signers approve before anybody challenges is no fault', async () => {
    const chain = await s.bundle(3, ROOT, { signals: { 1: { tableHash: 8n } } });
    const id = await attest(chain);
    const challenge = [id, 1, ...chain.at(1)];
    await s.call(s.challenger, 'challengeEntry', challenge);
    await s.approveTables(OTHER_RISK_ROOT, [8n]);
    await s.call(s.challenger, 'challengeEntry', challenge);
    await s.approveTables(chain.header.riskRoot, [8n]);
    await refuses(s.call(s.challenger, 'challengeEntry', challenge), 'NothingWrong');
  });

  test('a single batch is first and last', async () => {
    const one = await s.bundle(1, ROOT);
    const id = await attest(one);
    for (const position of [0, 1, 2]) {
      await refuses(s.call(s.challenger, 'challengeEntry', [id, position, ...one.at(position)]), 'NothingWrong');
    }
  });
});

describe('challengeChain: grounds', () => {
  test.each<readonly [string, number, Changes]>([
    ['a batch that begins with another state', 0, { signals: { 1: { stateBefore: 9n } } }],
    ['a batch that ends with another state', 0, { signals: { 0: { stateAfter: 9n } } }],
    ['a batch at the place of the one before', 1, { signals: { 2: { firstIndex: 64n } } }],
    ['a batch before that', 1, { signals: { 2: { firstIndex: 63n } } }],
    ['a batch left out', 0, { signals: { 1: { stateBefore: 6003n, firstIndex: 128n } } }],
    ['states equal by their residues only', 0, { entries: { 1: (e) => ({ ...e, signals: plusOrder(e.signals, 0) }) } }],
  ])('%s', async (_, position, changes) => {
    expect(await faultShown('challengeChain', changes, position)).toBe('Chain');
  });

  test('entries without the signals of a batch are challenged as such', async () => {
    const cut = (e: ChainEntry) => ({ ...e, signals: e.signals.slice(1) });
    const elsewhere = (e: ChainEntry) => ({ ...e, verifier: s.verifiers.start });
    for (const entries of [{ 0: cut }, { 1: cut }, { 0: elsewhere }, { 1: elsewhere }]) {
      const chain = await s.bundle(3, ROOT, { entries });
      const before = await s.snapshot();
      const id = await attest(chain);
      await refuses(s.call(s.challenger, 'challengeChain', chainCall(id, chain, 0)), 'MalformedEntry');
      await s.revert(before);
    }
  });
});

describe('challengeProof: grounds', () => {
  const others: readonly (readonly [string, (proof: ProofPoints) => ProofPoints])[] = [
    ['A off the curve', ({ a, b, c }) => ({ a: [a[0] ^ 1n, a[1]], b, c })],
    ['A negated', ({ a, b, c }) => ({ a: [a[0], Q - a[1]], b, c })],
    ['A and C swapped', ({ a, b, c }) => ({ a: c, b, c: a })],
    ['B with its parts swapped', ({ a, b, c }) => ({ a, b: swapped(b), c })],
    ['C at infinity', ({ a, b }) => ({ a, b, c: [0n, 0n] })],
    ['B at infinity', ({ a, c }) => ({ a, b: [[0n, 0n], [0n, 0n]], c })], // biome-ignore format: one line
    ['a coordinate beyond q', ({ a, b, c }) => ({ a: [a[0] + Q, a[1]], b, c })],
  ];

  test.each(others)('%s', async (_, change) => {
    expect(await faultShown('challengeProof', { entries: { 1: withProof(change) } }, 1)).toBe('Proof');
  });

  test.each(POSITIONS)('the proof of other signals at position %i', async (position) => {
    // proven for one signal, shown with another that nothing else holds against it
    const name = position === 4 ? 'reserveValue' : position === 3 ? 'statement' : 'firstIndex';
    const proven = position === 4 ? 5n : 65n;
    const shown = honest.entries[position]?.signals ?? [];
    const changes = {
      signals: { [position]: { [name]: proven } },
      entries: { [position]: (entry: ChainEntry) => ({ ...entry, signals: shown }) },
    };
    const chain = await s.bundle(3, ROOT, changes);
    const before = await s.snapshot();
    const id = await attest(chain);
    await refuses(s.call(s.challenger, 'challengeEntry', [id, position, ...chain.at(position)]), 'NothingWrong');
    await s.revert(before);
    expect(await faultShown('challengeProof', changes, position)).toBe('Proof');
  });

  test('of the closing circuit with 27 signals', async () => {
    const changes: Changes = { closing: 'opening', entries: { 4: withProof(({ a, b, c }) => ({ a: c, b, c: a })) } };
    expect(await faultShown('challengeProof', changes, 4)).toBe('Proof');
  });

  test.each(POSITIONS)(
    'B outside of its subgroup at position %i, which no verifier says "false" to',
    async (position) => {
      expect(await faultShown('challengeProof', { entries: { [position]: (e) => smallOrder(e) } }, position)).toBe(
        'Proof',
      );
    },
  );

  test('a signal that is not below r', async () => {
    const changes = { entries: { 1: (e: ChainEntry) => ({ ...e, signals: plusOrder(e.signals, 4) }) } };
    expect(await faultShown('challengeProof', changes, 1)).toBe('Proof');
  });

  test('a verifier of the venue’s choice is never asked', async () => {
    for (const says of [true, false]) {
      const verifier = await s.deploy('OddVerifier', 5, says, 0);
      const chain = await s.bundle(3, ROOT, { entries: { 1: (e) => ({ ...e, verifier }) } });
      const before = await s.snapshot();
      const id = await attest(chain);
      await refuses(s.call(s.challenger, 'challengeProof', [id, 1, ...chain.at(1)]), 'MalformedEntry');
      await s.send(s.challenger, 'challengeEntry', [id, 1, ...chain.at(1)]);
      await s.revert(before);
    }
    // neither is one that fits with other signals than it takes
    const chain = await s.bundle(3, ROOT, { entries: { 1: (e) => ({ ...e, signals: [...e.signals, 0n] }) } });
    const id = await attest(chain);
    await refuses(s.call(s.challenger, 'challengeProof', [id, 1, ...chain.at(1)]), 'MalformedEntry');
  });
});

describe('the gas of a challenge', () => {
  /** What becomes of a challenge over 60 gas limits from far too little to plenty, finest where the answer changes. */
  async function sweep(chain: Chain, position: number): Promise<readonly (readonly [bigint, string])[]> {
    const id = await attest(chain);
    const limits = [
      ...Array.from({ length: 30 }, (_, i) => 45_000n + BigInt(i) * 8_009n),
      ...Array.from({ length: 20 }, (_, i) => 285_000n + BigInt(i) * 15_013n),
      ...Array.from({ length: 10 }, (_, i) => 600_000n + BigInt(i) * 270_001n),
    ];
    const found: (readonly [bigint, string])[] = [];
    for (const gas of limits) {
      const outcome = await s.call(s.challenger, 'challengeProof', [id, position, ...chain.at(position)], { gas }).then(
        () => 'revoked',
        (cause: { readonly error?: string }) => cause.error ?? 'out of gas',
      );
      found.push([gas, outcome]);
    }
    return found;
  }
  const outcomesOf = (swept: readonly (readonly [bigint, string])[]) => new Set(swept.map(([, outcome]) => outcome));
  /** Once there is enough gas, more changes nothing. */
  const settles = (swept: readonly (readonly [bigint, string])[], outcome: string) => {
    const first = swept.findIndex(([, found]) => found === outcome);
    expect(swept.slice(first).every(([, found]) => found === outcome)).toBe(true);
    expect(swept[first]?.[0]).toBeLessThan(900_000n);
  };

  test.each([1, 3, 4])('an honest proof at position %i is never revoked, whatever the gas', async (position) => {
    const chain = await s.bundle(3, ROOT, { closing: 'opening' });
    const swept = await sweep(chain, position);
    expect(outcomesOf(swept)).not.toContain('revoked');
    expect(outcomesOf(swept)).toContain('NotEnoughGas');
    settles(swept, 'ProofIsValid');
  });

  test.each<readonly [string, number, Changes]>([
    ['a false proof', 1, { entries: { 1: withProof(({ a, b, c }) => ({ a: c, b, c: a })) } }],
    ['a point off the curve', 1, { entries: { 1: withProof(({ a, b, c }) => ({ a: [a[0] ^ 1n, a[1]], b, c })) } }],
    [
      'a false proof of 27 signals',
      4,
      { closing: 'opening', entries: { 4: withProof(({ a, b, c }) => ({ a: c, b, c: a })) } },
    ],
    ['B outside of its subgroup', 1, { entries: { 1: (e) => smallOrder(e) } }],
    ['B outside of its subgroup, 27 signals', 4, { closing: 'opening', entries: { 4: (e) => smallOrder(e) } }],
  ])('%s is revoked with enough gas, and never found valid', async (_, position, changes) => {
    const swept = await sweep(await s.bundle(3, ROOT, changes), position);
    expect(outcomesOf(swept)).not.toContain('ProofIsValid');
    expect(outcomesOf(swept)).not.toContain('CheckUnfinished');
    settles(swept, 'revoked');
  });

  test('is snapshotted', async () => {
    const costs: Record<string, bigint> = {};
    const measured = async (name: string, method: string, changes: Changes, position: number) => {
      const chain = await s.bundle(3, ROOT, changes);
      const before = await s.snapshot();
      const id = await attest(chain);
      const parameters =
        method === 'challengeChain' ? chainCall(id, chain, position) : [id, position, ...chain.at(position)];
      costs[name] = executionGas(await s.send(s.challenger, method, parameters), s.encode(method, parameters));
      await s.revert(before);
    };
    const falseProof = withProof(({ a, b, c }) => ({ a: c, b, c: a }));
    await measured('challengeEntry, another table', 'challengeEntry', { signals: { 1: { tableHash: 9n } } }, 1);
    await measured('challengeChain', 'challengeChain', { signals: { 2: { stateBefore: 9n } } }, 1);
    await measured('challengeProof, 5 signals', 'challengeProof', { entries: { 1: falseProof } }, 1);
    await measured(
      'challengeProof, 27 signals',
      'challengeProof',
      { closing: 'opening', entries: { 4: falseProof } },
      4,
    );
    await measured(
      'challengeProof, outside of the subgroup',
      'challengeProof',
      { entries: { 1: (e) => smallOrder(e) } },
      1,
    );
    await expectGas('challenges', costs);
  });
});

describe('what a check without an answer says of a proof: nothing', () => {
  const abi = new Interface(compiled('FalseProofsHarness').abi as InterfaceAbi);
  const harnessCall = async (to: string, method: string, parameters: readonly unknown[]): Promise<unknown> =>
    abi.decodeFunctionResult(method, await s.ethCall({ to, data: abi.encodeFunctionData(method, parameters) }))[0];
  const checked = (to: string, verifier: string, entry: ChainEntry) => {
    const { proof, signals } = entryCalldata(entry);
    return harnessCall(to, 'isFalse', [verifier, proof, signals]);
  };
  const batch = () => honest.entries[1] as ChainEntry;

  /** The verifier of batches as on a chain where pairings cost more than it was made for. */
  async function dearVerifier(): Promise<string> {
    const { key, circuit } = s.keys.batch;
    const source = verifierSource(key, circuit).replace(
      /PAIRING_GAS_PER_PAIR = \d+_?\d*/,
      'PAIRING_GAS_PER_PAIR = 20_000',
    );
    expect(source).toContain('= 20_000');
    const name = verifierContractName(circuit);
    const { bytecode, abi: itsAbi } = compileContract(`${name}.sol`, source, name);
    return s.deployCode(bytecode, itsAbi as InterfaceAbi);
  }

  test('a proof is false, true, or outside of the subgroup', async () => {
    const harness = await s.deploy('FalseProofsHarness');
    expect(await checked(harness, s.verifiers.batch, batch())).toBe(false);
    const forged = withProof(({ a, b, c }) => ({ a: c, b, c: a }))(batch());
    expect(await checked(harness, s.verifiers.batch, forged)).toBe(true);
    expect(await checked(harness, s.verifiers.batch, smallOrder(batch()))).toBe(true);
    const { b } = entryCalldata(batch()).proof;
    expect(await harnessCall(harness, 'isOutsideSubgroup', [b])).toBe(false);
    expect(await harnessCall(harness, 'isOutsideSubgroup', [entryCalldata(smallOrder(batch())).proof.b])).toBe(true);
  });

  test('a pairing that is dearer than the verifier knows: an honest proof fails in the precompile, and is not false', async () => {
    const harness = await s.deploy('FalseProofsHarness');
    const dear = await dearVerifier();
    await refuses(checked(harness, dear, batch()), 'CheckUnfinished');
    // a point that fails at its proper price is bad all the same
    expect(await checked(harness, dear, smallOrder(batch()))).toBe(true);
  });

  test('a pairing that is dearer than the control knows: no point is outside of the subgroup', async () => {
    const path = 'contracts/libraries/FalseProofs.sol';
    const library = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replace('= 120_000;', '= 112_000;');
    expect(library).toContain('= 112_000;');
    const harness = readFileSync(new URL('../support/contracts/FalseProofsHarness.sol', import.meta.url), 'utf8');
    const own = harness.slice(harness.indexOf('/// @title'));
    const { bytecode, abi: itsAbi } = compileContract(path, `${library}\n${own}`, 'FalseProofsHarness');
    const to = await s.deployCode(bytecode, itsAbi as InterfaceAbi);
    await refuses(
      harnessCall(to, 'isOutsideSubgroup', [entryCalldata(smallOrder(batch())).proof.b]),
      'CheckUnfinished',
    );
    await refuses(checked(to, s.verifiers.batch, smallOrder(batch())), 'CheckUnfinished');
  });

  test('a verifier that runs out of its gas, or has no code', async () => {
    const harness = await s.deploy('FalseProofsHarness');
    const greedy = await s.deploy('OddVerifier', 5, false, 310_000);
    await refuses(checked(harness, greedy, batch()), 'CheckUnfinished');
    await refuses(checked(harness, `0x${'12'.repeat(20)}`, batch()), '');
  });
});
