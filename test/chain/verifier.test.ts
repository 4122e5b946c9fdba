import { Contract, ContractFactory, Interface, type InterfaceAbi, isCallException } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compileContract, compileVerifier } from '../../src/chain/compileContracts.js';
import { deployVerifier } from '../../src/chain/deploy.js';
import { type ProofCalldata, proofCalldata } from '../../src/chain/proofCalldata.js';
import { verifierContractName, verifierSource } from '../../src/chain/verifierSource.js';
import { keyHash } from '../../src/setup/verificationKey.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { CIRCUIT, releaseSnarkjs, type SevenSignalsKeys, sevenSignals } from '../support/sevenSignals.js';

const SIGNALS = [R - 1n, 2n ** 253n, 12_000n, 10n ** 40n, 5n, 6n, 2n ** 248n - 1n];
/** what the transaction costs before the contract runs */
const INTRINSIC_GAS = 21_000n;

type Outcome = boolean | string;

let keys: SevenSignalsKeys;
let chain: LocalChain;
let address: string;
let abi: Interface;
let proof: ProofCalldata;
let arithmetic: Awaited<ReturnType<typeof proofArithmetic>>;

beforeAll(async () => {
  [keys, chain, arithmetic] = await Promise.all([sevenSignals(), startAnvil(), proofArithmetic()]);
  const signer = chain.signers[0];
  if (signer === undefined) throw new Error('no signer');
  ({ address } = await deployVerifier(signer, { key: keys.key, setup: 'development', circuit: CIRCUIT }));
  abi = new Interface(compileVerifier(keys.key, CIRCUIT).abi as InterfaceAbi);
  proof = proofCalldata(await keys.prove(SIGNALS));
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

const encode = (p: ProofCalldata, signals: readonly bigint[]): string =>
  abi.encodeFunctionData('verify', [p.a, p.b, p.c, signals]);

/** What a call says: true, false, the name of a custom error, or "" for a revert without one. */
async function outcome(
  p: ProofCalldata,
  signals: readonly bigint[] = SIGNALS,
  gas = 1_000_000n,
  to = address,
): Promise<Outcome> {
  const call = { to, data: encode(p, signals), gas: `0x${gas.toString(16)}` };
  try {
    const result: string = await chain.provider.send('eth_call', [call, 'latest']);
    return abi.decodeFunctionResult('verify', result)[0] as boolean;
  } catch (error) {
    if (!isCallException(error)) throw error;
    return error.data === null || error.data === '0x' ? '' : (abi.parseError(error.data)?.name ?? '');
  }
}

const coordinates = (p: ProofCalldata): bigint[] => [...p.a, ...p.b[0], ...p.b[1], ...p.c];

function fromCoordinates(values: readonly bigint[]): ProofCalldata {
  const [a0, a1, b0, b1, b2, b3, c0, c1] = values as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  return {
    a: [a0, a1],
    b: [
      [b0, b1],
      [b2, b3],
    ],
    c: [c0, c1],
  };
}

const withCoordinate = (index: number, change: (value: bigint) => bigint): ProofCalldata =>
  fromCoordinates(coordinates(proof).map((value, i) => (i === index ? change(value) : value)));

const withSignal = (index: number, change: (value: bigint) => bigint): bigint[] =>
  SIGNALS.map((value, i) => (i === index ? change(value) : value));

describe('verifier', () => {
  test('accepts an honest proof', async () => {
    expect(await outcome(proof)).toBe(true);
  });

  test('costs at most 235,000 gas of execution', async () => {
    const data = encode(proof, SIGNALS);
    const transaction = await chain.signers[0]?.sendTransaction({ to: address, data, gasLimit: 1_000_000n });
    const receipt = await transaction?.wait();
    const bytes = Buffer.from(data.slice(2), 'hex');
    const calldataGas = bytes.reduce((gas, byte) => gas + (byte === 0 ? 4n : 16n), 0n);
    const execution = (receipt?.gasUsed ?? 0n) - INTRINSIC_GAS - calldataGas;
    console.log(`verify: ${receipt?.gasUsed} gas in all, ${execution} of execution`);
    expect(receipt?.status).toBe(1);
    expect(execution).toBeLessThan(235_000n);
  });

  test('names its circuit and key', async () => {
    const contract = new Contract(address, abi, chain.provider);
    expect(await contract.getFunction('circuit')()).toBe(CIRCUIT);
    expect(await contract.getFunction('keyHash')()).toBe(`0x${keyHash(keys.key)}`);
  });
});

describe('verifier: public signals', () => {
  test.each([...SIGNALS.keys()])('signal %i changed', async (i) => {
    for (const change of [(s: bigint) => (s + 1n) % R, (s: bigint) => s ^ (1n << 100n), () => 0n]) {
      expect(await outcome(proof, withSignal(i, change))).toBe(false);
    }
  });

  test.each([...SIGNALS.keys()])('signal %i not below r: the same residue under another name', async (i) => {
    expect(
      await outcome(
        proof,
        withSignal(i, (s) => s + R),
      ),
    ).toBe(false);
    expect(
      await outcome(
        proof,
        withSignal(i, () => R),
      ),
    ).toBe(false);
    expect(
      await outcome(
        proof,
        withSignal(i, () => 2n ** 256n - 1n),
      ),
    ).toBe(false);
  });

  test('signals swapped', async () => {
    const [first = 0n, second = 0n, ...rest] = SIGNALS;
    expect(await outcome(proof, [second, first, ...rest])).toBe(false);
  });
});

describe('verifier: points', () => {
  const indices = Array.from({ length: 8 }, (_, i) => i);

  test.each(indices)('coordinate %i with a bit flipped', async (i) => {
    for (let bit = i % 4; bit < 256; bit += 4) {
      expect(await outcome(withCoordinate(i, (value) => value ^ (1n << BigInt(bit))))).toBe(false);
    }
  });

  test.each(indices)('coordinate %i plus q: the same point under another name', async (i) => {
    expect(await outcome(withCoordinate(i, (value) => value + Q))).toBe(false);
    expect(await outcome(withCoordinate(i, () => Q))).toBe(false);
    expect(await outcome(withCoordinate(i, () => 2n ** 256n - 1n))).toBe(false);
  });

  test('negated points', async () => {
    const negatedA = withCoordinate(1, (y) => Q - y);
    const negatedC = withCoordinate(7, (y) => Q - y);
    const negatedB: ProofCalldata = { ...proof, b: [proof.b[0], [Q - proof.b[1][0], Q - proof.b[1][1]]] };
    expect(await outcome(negatedA)).toBe(false);
    expect(await outcome(negatedB)).toBe(false);
    expect(await outcome(negatedC)).toBe(false);
    // e(-A, -B) = e(A, B): the smallest case of rerandomisation
    expect(await outcome({ ...negatedB, a: negatedA.a })).toBe(true);
  });

  test('points at infinity', async () => {
    const zero = [0n, 0n] as const;
    expect(await outcome({ ...proof, a: zero })).toBe(false);
    expect(await outcome({ ...proof, b: [zero, zero] })).toBe(false);
    expect(await outcome({ ...proof, c: zero })).toBe(false);
    expect(await outcome({ a: zero, b: [zero, zero], c: zero })).toBe(false);
  });

  test('points of another proof', async () => {
    const other = proofCalldata(await keys.prove(SIGNALS));
    expect(await outcome(other)).toBe(true);
    expect(await outcome({ ...proof, a: other.a })).toBe(false);
    expect(await outcome({ ...proof, b: other.b })).toBe(false);
    expect(await outcome({ ...proof, c: other.c })).toBe(false);
    expect(await outcome({ ...proof, a: proof.c, c: proof.a })).toBe(false);
  });

  test('G2 with its parts in the order of the library', async () => {
    const [x, y] = proof.b;
    expect(
      await outcome({
        ...proof,
        b: [
          [x[1], x[0]],
          [y[1], y[0]],
        ],
      }),
    ).toBe(false);
  });

  test('a proof can be rerandomised: it verifies, so it is no identifier', async () => {
    const another = arithmetic.rerandomised(proof, 1234567n);
    expect(another.a).not.toEqual(proof.a);
    expect(await outcome(another)).toBe(true);
  });

  test('B outside of its subgroup reverts, and never is true or false', async () => {
    expect(arithmetic.isSmallOrder).toBe(true);
    expect(await outcome({ ...proof, b: arithmetic.outsideSubgroup })).toBe('PrecompileFailed');
    expect(await outcome(arithmetic.withSmallOrderPoint(proof))).toBe('PrecompileFailed');
  });

  test('B outside of its subgroup burns no more than the pairing would', async () => {
    const data = encode(arithmetic.withSmallOrderPoint(proof), SIGNALS);
    const transaction = await chain.signers[0]?.sendTransaction({ to: address, data, gasLimit: 10_000_000n });
    await expect(transaction?.wait()).rejects.toThrow();
    const receipt = await chain.provider.getTransactionReceipt(transaction?.hash ?? '');
    console.log(`verify with B outside of its subgroup: ${receipt?.gasUsed} gas in all`);
    expect(receipt?.gasUsed).toBeLessThan(275_000n);
  });
});

describe('verifier: starved of gas', () => {
  /** outcomes over gas limits from nothing to plenty, finer around where the answer changes */
  async function sweep(p: ProofCalldata, signals: readonly bigint[], to = address): Promise<Outcome[]> {
    const limits = [
      ...Array.from({ length: 70 }, (_, i) => 28_000n + BigInt(i) * 4_001n),
      ...Array.from({ length: 60 }, (_, i) => 268_000n + BigInt(i) * 163n),
    ];
    const outcomes: Outcome[] = [];
    for (const gas of limits) outcomes.push(await outcome(p, signals, gas, to));
    return outcomes;
  }

  test('a good proof: it reverts or says true, never false', async () => {
    const outcomes = await sweep(proof, SIGNALS);
    expect(new Set(outcomes)).toEqual(new Set(['', 'NotEnoughGas', true]));
  });

  test('a good proof, without the checks of the gas left: a starved precompile is no answer', async () => {
    const source = verifierSource(keys.key, CIRCUIT).replace(/(MINIMUM_GAS|GAS_BEFORE_PAIRING) = \d+/g, '$1 = 0');
    const name = verifierContractName(CIRCUIT);
    const { bytecode } = compileContract(`${name}.sol`, source, name);
    const deployed = await new ContractFactory(abi, bytecode, chain.signers[0]).deploy();
    await deployed.waitForDeployment();
    const outcomes = await sweep(proof, SIGNALS, await deployed.getAddress());
    expect(new Set(outcomes)).toEqual(new Set(['', 'PrecompileFailed', true]));
  });

  test('a wrong proof: it reverts or says false, never true', async () => {
    const outcomes = await sweep(
      proof,
      withSignal(2, (s) => s + 1n),
    );
    expect(new Set(outcomes)).toEqual(new Set(['', 'NotEnoughGas', false]));
  });

  test('a point off the curve: it says false only with the gas of a whole check', async () => {
    expect(
      await outcome(
        withCoordinate(0, (x) => x + 1n),
        SIGNALS,
        200_000n,
      ),
    ).toBe('NotEnoughGas');
  });

  test('B outside of its subgroup: it reverts', async () => {
    const outcomes = await sweep(arithmetic.withSmallOrderPoint(proof), SIGNALS);
    expect(new Set(outcomes)).toEqual(new Set(['', 'NotEnoughGas', 'PrecompileFailed']));
  });
});

describe('verifierSource', () => {
  test('names contracts after circuits', () => {
    expect(verifierContractName('tiered-8')).toBe('Tiered8Verifier');
  });

  test.each(['', 'Tiered', '8-tiered', 'a--b', 'a"; }', 'a_b'])('refuses the name "%s"', (name) => {
    expect(() => verifierContractName(name)).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('refuses a key without a contribution: gamma = delta, and anybody can forge proofs', () => {
    expect(() => verifierSource(keys.uncontributedKey, CIRCUIT)).toThrowError(
      expect.objectContaining({ code: 'INSECURE_KEY' }),
    );
  });
});
