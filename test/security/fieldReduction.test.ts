import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { nullifier } from '../../src/account/nullifier.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { contextOf } from '../../src/chain/context.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import { type ErrorCode, SolvencyError } from '../../src/errors.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { findInvalidProof } from '../../src/proof/groth16Batch.js';
import type { MarginProof, ProofPoints } from '../../src/proof/marginProof.js';
import { prove } from '../../src/proof/prove.js';
import { type Expectations, verify } from '../../src/proof/verify.js';
import { FIELD_ORDER, PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { BASE_FIELD_ORDER } from '../../src/setup/bn254Field.js';
import { keyHash } from '../../src/setup/verificationKey.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { OWNER_SECRET, packageOf, table, usd } from '../support/market.js';

// The library below reduces whatever it is given modulo r: -3, r + 3 and "3" prove and verify like 3, and a verifier that
// keeps nullifiers as they come takes r + x for a new one. Here every public function refuses what is not one bigint in
// its bounds, with a typed error, before the library sees it.

/** What is not x, and is x to a library that converts and reduces. */
const disguises = (x: bigint): readonly (readonly [string, unknown])[] => [
  ['x - r', x - FIELD_ORDER],
  ['x + r', x + FIELD_ORDER],
  ['x + 2^256 - 2^256 mod r', x + FIELD_ORDER * ((1n << 256n) / FIELD_ORDER)],
  ['a JS number', Number(x)],
  ['a string', x.toString()],
  ['a hexadecimal string', `0x${x.toString(16)}`],
  ['a list', [x]],
];
/** What is no number at all. */
const NOTHING: readonly (readonly [string, unknown])[] = [
  ['a fraction', 4.5],
  ['NaN', Number.NaN],
  ['null', null],
  ['undefined', undefined],
];

async function codeOf(run: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await run();
    return 'none';
  } catch (error) {
    if (error instanceof SolvencyError) return error.code;
    throw error;
  }
}

const SIGNALS = [3n, 4n, 10_000n, 5n, 6n, 7n, 8n];
let circuit: FreeSignals;
let proof: ProofPoints;
beforeAll(async () => {
  circuit = await freeSignals(SIGNALS.length);
  proof = await circuit.prove(SIGNALS);
});
afterAll(releaseSnarkjs);

const withSignal = (index: number, value: unknown): readonly bigint[] =>
  SIGNALS.map((signal, k) => (k === index ? (value as bigint) : signal));

describe.each(PUBLIC_SIGNALS.map((name, index) => [name, index] as const))('%s', (name, index) => {
  const x = SIGNALS[index] as bigint;
  const values = [...disguises(x), ...NOTHING];

  it('is one number of the field to the Node verifier and to the batch verifier', async () => {
    expect(await codeOf(() => checkGroth16(circuit.key, proof, SIGNALS))).toBe('none');
    for (const [what, value] of values) {
      const signals = withSignal(index, value);
      expect(await codeOf(() => checkGroth16(circuit.key, proof, signals)), what).toBe('PROOF_INVALID');
      const batch = [
        { proof, signals: SIGNALS },
        { proof, signals },
      ];
      expect(await findInvalidProof(circuit.key, batch), what).toBe(1);
    }
  });

  it('is one number of the field to the reader of proof files', () => {
    const text = serializeProof(marginProof());
    for (const [what, value] of disguises(x)) {
      if (what === 'a string') continue;
      const file = JSON.parse(text) as { publicSignals: Record<string, unknown> };
      file.publicSignals[name] = typeof value === 'bigint' ? value.toString() : value;
      const written = JSON.stringify(file, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
      expect(() => parseProof(written, 'proof.json'), what).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    }
  });
});

/** A proof of the free circuit as if it was a margin proof of an account of the test market. */
const account = packageOf({ collateral: [usd(50n)], positions: [] });
const marginProof = (change: Record<string, unknown> = {}): MarginProof => ({
  circuit: 'tiered-8',
  keyHash: keyHash(circuit.key),
  setup: 'development',
  publicSignals: {
    ...(Object.fromEntries(PUBLIC_SIGNALS.map((name, k) => [name, SIGNALS[k]])) as MarginProof['publicSignals']),
    ...change,
  },
  proof,
  accountRootOpening: account.root,
});

it('verify takes no threshold, floor or nullifier in disguise, so that nullifiers can be kept as they come', async () => {
  const root = accountRoot(account.root);
  const publicSignals = { accountRoot: root, riskRoot: table.riskRoot };
  const signals = [root, table.riskRoot, ...SIGNALS.slice(2)];
  const own = await circuit.prove(signals);
  const expected: Expectations = {
    ...{ accountRoot: root, table, minimumThresholdBps: 10_000n, minimumEquityFloor: 5n },
    ...{ scope: 7n, context: 8n, keyHash: keyHash(circuit.key) },
  };
  const told = (change: Record<string, unknown>) =>
    verify({ ...marginProof({ ...publicSignals, ...change }), proof: own }, circuit.key, expected);
  expect((await told({})).nullifier).toBe(6n);
  for (const name of ['thresholdBps', 'equityFloor', 'nullifier'] as const) {
    const x = SIGNALS[PUBLIC_SIGNALS.indexOf(name)] as bigint;
    for (const [what, value] of disguises(x)) {
      expect(['PROOF_INVALID', 'EXPECTATION_NOT_MET'], `${name}: ${what}`).toContain(
        await codeOf(() => told({ [name]: value })),
      );
    }
  }
});

describe('before anything is proven', () => {
  const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
  const reached = {
    name: 'none',
    prove: async (): Promise<never> => {
      throw new SolvencyError('CANCELLED', 'The prover was reached.');
    },
  };

  it.each(Object.keys(request) as (keyof typeof request)[])('%s is refused', async (name) => {
    const artifacts = await smallestArtifacts();
    const told = (change: Record<string, unknown>) =>
      prove(
        { account, ownerSecret: OWNER_SECRET, table, request: { ...request, ...change }, artifacts },
        { prover: reached },
      );
    expect(await codeOf(() => told({}))).toBe('CANCELLED');
    for (const [what, value] of [...disguises(request[name]), ...NOTHING]) {
      expect(await codeOf(() => told({ [name]: value })), what).toBe('OUT_OF_RANGE');
    }
  });

  it('amounts, sizes and costs of holdings are refused', async () => {
    const kinds = (value: unknown) => [
      { collateral: [{ assetId: 1, amount: value as bigint }], positions: [] },
      { collateral: [], positions: [{ instrumentId: 100, size: value as bigint, cost: 1n }] },
      { collateral: [], positions: [{ instrumentId: 100, size: 1n, cost: value as bigint }] },
    ];
    for (const [what, value] of [...disguises(7n), ...NOTHING]) {
      for (const holdings of kinds(value)) {
        expect(await codeOf(() => evaluate(holdings, table)), what).toBe('OUT_OF_RANGE');
      }
    }
  });

  it('secrets and scopes are one number of the field to the hashes of an owner', async () => {
    for (const [what, value] of [...disguises(7n), ...NOTHING]) {
      expect(await codeOf(() => nullifier(value as bigint, 5n)), what).toBe('OUT_OF_RANGE');
      expect(await codeOf(() => nullifier(5n, value as bigint)), what).toBe('OUT_OF_RANGE');
      expect(await codeOf(() => ownerCommitment(value as bigint)), what).toBe('OUT_OF_RANGE');
    }
  });
});

describe('on the way to a chain', () => {
  const ADDRESS = `0x${'5fbdb2315678afecb367f032d93f642f64180aa3'}`;
  const context = {
    ...{ chainId: 1n, gate: ADDRESS, consumer: ADDRESS, subject: ADDRESS },
    ...{ actionHash: `0x${'0'.repeat(64)}`, deadline: 7n },
  };

  it('a chain id or a deadline that does not fit its type is no other context', async () => {
    for (const value of [-3n, (1n << 256n) + 3n, 4.5, Number.NaN, null, undefined]) {
      for (const name of ['chainId', 'deadline']) {
        expect(await codeOf(() => contextOf({ ...context, [name]: value }))).toBe('INVALID_INPUT');
      }
    }
    expect(contextOf({ ...context, deadline: 8n })).not.toBe(contextOf(context));
  });

  it('coordinates are one number of the base field', async () => {
    const [x, y] = proof.a;
    expect(proofCalldata(proof).a).toEqual([x, y]);
    const beyond = { ...proof, a: [x + BASE_FIELD_ORDER, y] } as const;
    // passed on as it is: contracts refuse it, and a challenger has to show them a venue's bad proof
    expect(proofCalldata(beyond).a).toEqual(beyond.a);
    expect(await codeOf(() => checkGroth16(circuit.key, beyond, SIGNALS))).toBe('PROOF_INVALID');
    for (const value of [x - BASE_FIELD_ORDER, x + 2n ** 256n, Number(x), x.toString(), [x], null, undefined]) {
      const told = { ...proof, a: [value as bigint, y] } as const;
      expect(await codeOf(() => proofCalldata(told))).toBe('PROOF_INVALID');
      expect(await codeOf(() => checkGroth16(circuit.key, told, SIGNALS))).toBe('PROOF_INVALID');
    }
  });
});
