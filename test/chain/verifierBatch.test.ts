import { concat, id, keccak256, toBeHex } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { type ProofCalldata, proofCalldata } from '../../src/chain/proofCalldata.js';
import { keyHash } from '../../src/setup/verificationKey.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import {
  type Batch,
  deployed,
  gasLimits,
  leastLimit,
  type Outcome,
  type VerifierContract,
  withoutGasChecks,
  withoutLaterGasCheck,
} from '../support/verifierContract.js';

const SIGNALS = [
  [R - 1n, 0n],
  [7n, 2n ** 253n],
  [123n, 456n],
];
const POSITIONS = [...SIGNALS.keys()];

let free: FreeSignals;
let chain: LocalChain;
let verifier: VerifierContract;
/** honest proofs of SIGNALS */
let honest: Batch;
/** another honest proof for each entry of SIGNALS */
let others: readonly ProofCalldata[];
let arithmetic: Awaited<ReturnType<typeof proofArithmetic>>;

beforeAll(async () => {
  [free, chain, arithmetic] = await Promise.all([freeSignals(2), startAnvil(), proofArithmetic()]);
  verifier = await deployed(chain, free);
  const proofs = async () => (await Promise.all(SIGNALS.map((signals) => free.prove(signals)))).map(proofCalldata);
  honest = { proofs: await proofs(), signals: SIGNALS };
  others = await proofs();
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

type Entry = readonly [ProofCalldata, readonly bigint[]];

const entry = (i: number): Entry => [honest.proofs[i] as ProofCalldata, honest.signals[i] as readonly bigint[]];
const batchOf = (entries: readonly Entry[]): Batch => ({
  proofs: entries.map(([proof]) => proof),
  signals: entries.map(([, signals]) => signals),
});

/** the honest batch with other entries in places */
const withEntries = (changed: Readonly<Record<number, Entry>>): Batch =>
  batchOf(POSITIONS.map((i) => changed[i] ?? entry(i)));

describe('batch verifier', () => {
  test.each([1, 2, 3])('accepts %i honest proofs', async (n) => {
    expect(await verifier.verifyBatch(batchOf(POSITIONS.slice(0, n).map(entry)))).toBe(true);
  });

  test('accepts the same proof twice, rerandomised proofs, and any order', async () => {
    expect(await verifier.verifyBatch(batchOf([entry(1), entry(1)]))).toBe(true);
    expect(await verifier.verifyBatch(batchOf([entry(2), entry(0), entry(1)]))).toBe(true);
    const [proof, signals] = entry(0);
    expect(await verifier.verifyBatch(withEntries({ 0: [arithmetic.rerandomised(proof, 99n), signals] }))).toBe(true);
  });

  test('is never true of no proofs', async () => {
    expect(await verifier.verifyBatch({ proofs: [], signals: [] })).toBe(false);
    expect(await verifier.verifyBatch({ proofs: [], signals: SIGNALS })).toBe(false);
  });

  test('refuses another number of signals', async () => {
    const { proofs, signals } = honest;
    const flat = signals.flat();
    const words = [flat.slice(1), flat.slice(0, -1), [...flat, 0n], [...flat, 0n, 0n], flat.slice(2), []];
    for (const list of words) expect(await verifier.verifyBatch({ proofs, signals: [list] })).toBe(false);
    expect(await verifier.verifyBatch({ proofs: proofs.slice(1), signals })).toBe(false);
  });
});

const withCoordinate = (proof: ProofCalldata, index: number, change: (value: bigint) => bigint): ProofCalldata => {
  const changed = [...proof.a, ...proof.b[0], ...proof.b[1], ...proof.c].map((value, i) =>
    i === index ? change(value) : value,
  );
  const [a0, a1, b0, b1, b2, b3, c0, c1] = changed as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  return {
    a: [a0, a1],
    b: [
      [b0, b1],
      [b2, b3],
    ],
    c: [c0, c1],
  };
};

const COORDINATES = [0, 1, 2, 3, 4, 5, 6, 7];
const ZERO = [0n, 0n] as const;

/** Wrong entries made from an honest one and another honest proof of the same signals. */
const WRONG: readonly (readonly [string, (proof: ProofCalldata, signals: readonly bigint[], i: number) => Entry[]])[] =
  [
    [
      'a coordinate with a bit flipped',
      (proof, signals) => COORDINATES.map((at) => [withCoordinate(proof, at, (value) => value ^ 8n), signals]),
    ],
    [
      'a coordinate plus q: the same point under another name',
      (proof, signals) => COORDINATES.map((at) => [withCoordinate(proof, at, (value) => value + Q), signals]),
    ],
    [
      'a point of another proof',
      (proof, signals, i) => {
        const other = others[i] as ProofCalldata;
        return [
          [{ ...proof, a: other.a }, signals],
          [{ ...proof, b: other.b }, signals],
          [{ ...proof, c: other.c }, signals],
          [{ ...proof, a: proof.c, c: proof.a }, signals],
        ];
      },
    ],
    [
      'a point negated',
      (proof, signals) => [
        [withCoordinate(proof, 1, (y) => Q - y), signals],
        [{ ...proof, b: [proof.b[0], [Q - proof.b[1][0], Q - proof.b[1][1]]] }, signals],
        [withCoordinate(proof, 7, (y) => Q - y), signals],
      ],
    ],
    [
      'a point at infinity',
      (proof, signals) => [
        [{ ...proof, a: ZERO }, signals],
        [{ ...proof, b: [ZERO, ZERO] }, signals],
        [{ ...proof, c: ZERO }, signals],
        [{ a: ZERO, b: [ZERO, ZERO], c: ZERO }, signals],
      ],
    ],
    [
      'a signal changed',
      (proof, [first = 0n, second = 0n]) => [
        [proof, [(first + 1n) % R, second]],
        [proof, [first, second ^ (1n << 90n)]],
        [proof, [second, first]],
      ],
    ],
    [
      'a signal plus r: the same residue under another name',
      (proof, [first = 0n, second = 0n]) => [
        [proof, [first + R, second]],
        [proof, [first, second + R]],
      ],
    ],
  ];

describe('batch verifier: one wrong proof fails the batch', () => {
  describe.each(POSITIONS)('at position %i', (i) => {
    test.each(WRONG)('%s', async (_, changes) => {
      for (const wrong of changes(...entry(i), i)) {
        expect(await verifier.verify(...wrong)).toBe(false);
        expect(await verifier.verifyBatch(withEntries({ [i]: wrong }))).toBe(false);
      }
    });

    test('B outside of its subgroup reverts', async () => {
      const [proof, signals] = entry(i);
      const outside = { ...proof, b: arithmetic.outsideSubgroup };
      expect(await verifier.verifyBatch(withEntries({ [i]: [outside, signals] }))).toBe('PrecompileFailed');
      const small = arithmetic.withSmallOrderPoint(proof);
      expect(await verifier.verifyBatch(withEntries({ [i]: [small, signals] }))).toBe('PrecompileFailed');
    });

    test('signals or proofs swapped with the next', async () => {
      const j = (i + 1) % POSITIONS.length;
      const [[proof, signals], [nextProof, nextSignals]] = [entry(i), entry(j)];
      expect(await verifier.verifyBatch(withEntries({ [i]: [proof, nextSignals], [j]: [nextProof, signals] }))).toBe(
        false,
      );
    });

    test('alone', async () => {
      const [proof, [first = 0n, second = 0n]] = entry(i);
      expect(await verifier.verifyBatch(batchOf([[proof, [first, second + 1n]]]))).toBe(false);
    });
  });

  test('all wrong in the same way', async () => {
    const wrong = POSITIONS.map((i): Entry => {
      const [proof, [first = 0n, second = 0n]] = entry(i);
      return [proof, [first, second + 1n]];
    });
    expect(await verifier.verifyBatch(batchOf(wrong))).toBe(false);
  });
});

describe('attack: errors of two proofs that cancel', () => {
  const D = [1n, 2n] as const;

  /** Two wrong entries in place of the first two, whose errors cancel under these factors; in C, in signals, and in A. */
  function cancelling(r: readonly [bigint, bigint]): Readonly<Record<'c' | 'signals' | 'a', Batch>> {
    const [[p0, s0], [p1, s1]] = [entry(0), entry(1)];
    const withC = (proof: ProofCalldata, scalar: bigint): ProofCalldata => ({
      ...proof,
      c: arithmetic.plus(proof.c, scalar, D),
    });
    // the same proof twice, so that both A are paired with one B
    const withA = (scalar: bigint): ProofCalldata => ({ ...p0, a: arithmetic.plus(p0.a, scalar, D) });
    const moved = ([first = 0n, second = 0n]: readonly bigint[], by: bigint) => [first, (((second + by) % R) + R) % R];
    return {
      c: withEntries({ 0: [withC(p0, r[1]), s0], 1: [withC(p1, -r[0]), s1] }),
      signals: withEntries({ 0: [p0, moved(s0, r[1])], 1: [p1, moved(s1, -r[0])] }),
      a: withEntries({ 0: [withA(r[1]), s0], 1: [withA(-r[0]), s0] }),
    };
  }

  /** The factors as the contract computes them, for words of proofs and signals that may be left out of the hash. */
  function factors(hashedSignals: readonly bigint[], hashedProofs: readonly bigint[]): readonly [bigint, bigint] {
    const words = [...hashedSignals, ...hashedProofs].map((word) => toBeHex(word, 32));
    const count = toBeHex(POSITIONS.length, 32);
    const seed = keccak256(concat([id('zk-solvency/groth16-batch/1'), `0x${keyHash(free.key)}`, count, ...words]));
    const factor = (i: number) => (BigInt(keccak256(concat([seed, toBeHex(i, 32)]))) >> 128n) + 1n;
    return [factor(0), factor(1)];
  }

  const zeros = (count: number): readonly bigint[] => Array<bigint>(count).fill(0n);
  const words = (proofs: readonly ProofCalldata[]) => proofs.flatMap(({ a, b, c }) => [...a, ...b[0], ...b[1], ...c]);
  const refused = async (batch: Batch): Promise<void> => {
    for (const i of [0, 1]) {
      const outcome: Outcome = await verifier.verify(
        batch.proofs[i] as ProofCalldata,
        batch.signals[i] as readonly bigint[],
      );
      expect(outcome).toBe(false);
    }
    expect(await verifier.verifyBatch(batch)).toBe(false);
  };

  test('passes a verifier whose factors are all one, and is refused', async () => {
    const equalFactors = await deployed(chain, free, (source) =>
      source.replace('factor := add(shr(128, keccak256(0x00, 0x40)), 1)', 'factor := 1'),
    );
    for (const batch of Object.values(cancelling([1n, 1n]))) {
      expect(await equalFactors.verifyBatch(batch)).toBe(true);
      await refused(batch);
    }
  });

  test('passes a verifier whose factors do not depend on the proofs, and is refused', async () => {
    const withoutProofs = await deployed(chain, free, (source) =>
      source.replace('calldatacopy(at, proofs.offset, mul(proofs.length, 0x100))', ''),
    );
    const { c } = cancelling(factors(SIGNALS.flat(), zeros(8 * POSITIONS.length)));
    expect(await withoutProofs.verifyBatch(c)).toBe(true);
    await refused(c);
  });

  test('passes a verifier whose factors do not depend on the signals, and is refused', async () => {
    const withoutSignals = await deployed(chain, free, (source) =>
      source.replace('calldatacopy(at, signals.offset, mul(signals.length, 0x20))', ''),
    );
    const { signals } = cancelling(factors(zeros(SIGNALS.flat().length), words(honest.proofs)));
    expect(await withoutSignals.verifyBatch(signals)).toBe(true);
    await refused(signals);
  });

  test('with the factors of the honest batch is refused', async () => {
    const batches = cancelling(factors(SIGNALS.flat(), words(honest.proofs)));
    for (const batch of Object.values(batches)) await refused(batch);
  });
});

describe('batch verifier: starved of gas', () => {
  const wrongBatch = () => withEntries({ 2: [entry(2)[0], [1n, 1n]] });
  const limits = (data: string) => [
    ...gasLimits(leastLimit(data), 600_000n, 100),
    ...gasLimits(360_000n, 410_000n, 100),
    ...gasLimits(600_000n, 3_000_000n, 5),
  ];

  test('good proofs: true or NotEnoughGas, never false', async () => {
    const data = verifier.batch(honest);
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', true]));
    // too little to find out that it is too little
    const tiny = await verifier.outcomes(data, gasLimits(22_000n, leastLimit(data), 20));
    expect(tiny).toEqual(new Set(['', 'NotEnoughGas']));
  });

  test('a wrong proof among them: false or NotEnoughGas, never true', async () => {
    const data = verifier.batch(wrongBatch());
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', false]));
  });

  test('a point off the curve: false only with the gas of a whole check', async () => {
    const [proof, signals] = entry(0);
    const data = verifier.batch(withEntries({ 0: [withCoordinate(proof, 0, (x) => x + 1n), signals] }));
    expect(await verifier.call(data, 330_000n)).toBe('NotEnoughGas');
    expect(await verifier.call(data, 500_000n)).toBe(false);
  });

  test('B outside of its subgroup: it reverts', async () => {
    const [proof, signals] = entry(1);
    const data = verifier.batch(withEntries({ 1: [arithmetic.withSmallOrderPoint(proof), signals] }));
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', 'PrecompileFailed']));
  });

  test('the gas asked for at first is enough for all of the check, also for many proofs', async () => {
    const once = await deployed(chain, free, withoutLaterGasCheck);
    const data = once.batch(honest);
    expect(await once.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', true]));
    const many = Array.from({ length: 100 }, (_, i) => entry(i % POSITIONS.length));
    const bigData = once.batch(batchOf(many));
    // found by halving: the least gas with another answer than NotEnoughGas
    let [low, high] = [leastLimit(bigData), 10_000_000n];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if ((await once.call(bigData, middle)) === 'NotEnoughGas') low = middle;
      else high = middle;
    }
    expect(await once.call(bigData, low)).toBe('NotEnoughGas');
    expect(await once.call(bigData, high)).toBe(true);
  });

  test('without any check of the gas: a starved precompile is no answer', async () => {
    const unchecked = await deployed(chain, free, withoutGasChecks);
    const good = unchecked.batch(honest);
    expect(await unchecked.outcomes(good, limits(good))).toEqual(new Set(['', 'PrecompileFailed', true]));
    const wrong = unchecked.batch(wrongBatch());
    expect(await unchecked.outcomes(wrong, limits(wrong))).toEqual(new Set(['', 'PrecompileFailed', false]));
  });
});
