import { Contract, ContractFactory, type InterfaceAbi } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compileContract, compileVerifier, contractAbis, packageContract } from '../../src/chain/compileContracts.js';
import { deployVerifier } from '../../src/chain/deploy.js';
import { type ProofCalldata, proofCalldata } from '../../src/chain/proofCalldata.js';
import { verifierContractName, verifierSource } from '../../src/chain/verifierSource.js';
import { curve } from '../../src/setup/curve.js';
import { keyHash, parseVerificationKey, serializeVerificationKey } from '../../src/setup/verificationKey.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import {
  deployed,
  gasLimits,
  leastLimit,
  type VerifierContract,
  withoutGasChecks,
  withoutLaterGasCheck,
} from '../support/verifierContract.js';

const SIGNALS = [R - 1n, 2n ** 253n, 12_000n, 10n ** 40n, 5n, 6n, 2n ** 248n - 1n];

let free: FreeSignals;
let chain: LocalChain;
let verifier: VerifierContract;
let proof: ProofCalldata;
let arithmetic: Awaited<ReturnType<typeof proofArithmetic>>;

beforeAll(async () => {
  [free, chain, arithmetic] = await Promise.all([freeSignals(SIGNALS.length), startAnvil(), proofArithmetic()]);
  verifier = await deployed(chain, free);
  proof = proofCalldata(await free.prove(SIGNALS));
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

const outcome = (p: ProofCalldata, signals: readonly bigint[] = SIGNALS, gas?: bigint) =>
  verifier.verify(p, signals, gas);

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

  test('names its circuit, the number of its signals and its key', async () => {
    const contract = new Contract(verifier.address, verifier.abi, chain.provider);
    expect(await contract.getFunction('circuit')()).toBe(free.circuit);
    expect(await contract.getFunction('signalCount')()).toBe(7n);
    expect(await contract.getFunction('keyHash')()).toBe(`0x${keyHash(free.key)}`);
  });

  test('has the functions and errors of its interface, and no others', () => {
    const [wanted] = contractAbis([packageContract('interfaces/IGroth16Verifier.sol')]);
    const byName = (abi: readonly Readonly<Record<string, unknown>>[] | undefined) =>
      new Map(abi?.map((entry) => [`${entry['type']} ${entry['name']}`, entry]));
    const generated = byName(compileVerifier(free.key, free.circuit).abi);
    expect(generated).toEqual(byName(wanted));
    expect([...generated.keys()]).toContain('function verifyBatch');
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

  test('a signal too few, too many, or none', async () => {
    expect(await outcome(proof, SIGNALS.slice(1))).toBe(false);
    expect(await outcome(proof, SIGNALS.slice(0, -1))).toBe(false);
    expect(await outcome(proof, [...SIGNALS, 0n])).toBe(false);
    expect(await outcome(proof, [...SIGNALS, ...SIGNALS])).toBe(false);
    expect(await outcome(proof, [])).toBe(false);
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
    const other = proofCalldata(await free.prove(SIGNALS));
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
    const data = verifier.single(arithmetic.withSmallOrderPoint(proof), SIGNALS);
    const transaction = await chain.signers[0]?.sendTransaction({ to: verifier.address, data, gasLimit: 10_000_000n });
    await expect(transaction?.wait()).rejects.toThrow();
    const receipt = await chain.provider.getTransactionReceipt(transaction?.hash ?? '');
    expect(receipt?.gasUsed).toBeLessThan(275_000n);
  });
});

describe('verifier: starved of gas', () => {
  const bad = () => withSignal(2, (s) => s + 1n);
  /** from what the transaction itself costs to plenty, finer around where the answer changes */
  const limits = (data: string) => [
    ...gasLimits(leastLimit(data), 280_000n, 70),
    ...gasLimits(265_000n, 285_000n, 100),
    ...gasLimits(300_000n, 2_000_000n, 5),
  ];

  test('a good proof: true or NotEnoughGas, never false', async () => {
    const data = verifier.single(proof, SIGNALS);
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', true]));
    // too little to find out that it is too little
    expect(await verifier.outcomes(data, gasLimits(22_000n, leastLimit(data), 20))).toEqual(
      new Set(['', 'NotEnoughGas']),
    );
  });

  test('a wrong proof: false or NotEnoughGas, never true', async () => {
    const data = verifier.single(proof, bad());
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', false]));
  });

  test('a point off the curve: it says false only with the gas of a whole check', async () => {
    const offCurve = withCoordinate(0, (x) => x + 1n);
    expect(await outcome(offCurve, SIGNALS, 200_000n)).toBe('NotEnoughGas');
  });

  test('B outside of its subgroup: it reverts', async () => {
    const data = verifier.single(arithmetic.withSmallOrderPoint(proof), SIGNALS);
    expect(await verifier.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', 'PrecompileFailed']));
  });

  test('the gas asked for at first is enough for all of the check', async () => {
    const once = await deployed(chain, free, withoutLaterGasCheck);
    const data = once.single(proof, SIGNALS);
    expect(await once.outcomes(data, limits(data))).toEqual(new Set(['NotEnoughGas', true]));
  });

  test('without any check of the gas: a starved precompile is no answer', async () => {
    const unchecked = await deployed(chain, free, withoutGasChecks);
    const good = unchecked.single(proof, SIGNALS);
    expect(await unchecked.outcomes(good, limits(good))).toEqual(new Set(['', 'PrecompileFailed', true]));
    const wrong = unchecked.single(proof, bad());
    expect(await unchecked.outcomes(wrong, limits(wrong))).toEqual(new Set(['', 'PrecompileFailed', false]));
  });
});

describe('attack: forging from a key that lacks a contribution', () => {
  const { G1 } = curve;
  const point1 = (text: readonly string[] | undefined) => G1.fromObject((text ?? []).map(BigInt));

  /** A = alpha, B = beta, C = -(IC0 + sum of signal * IC): what the key alone gives, for any signals */
  function forged(signals: readonly bigint[]): ProofCalldata {
    const { vk_alpha_1: alpha, vk_beta_2: beta, IC } = free.uncontributedKey;
    const inputs = signals.reduce(
      (sum, signal, i) => G1.add(sum, G1.timesScalar(point1(IC[i + 1]), signal)),
      point1(IC[0]),
    );
    const [cx, cy] = G1.toObject(G1.toAffine(G1.neg(inputs))) as [bigint, bigint];
    const [ax, ay] = alpha.map(BigInt) as [bigint, bigint];
    const [[x0, x1], [y0, y1]] = beta.map((pair) => pair.map(BigInt)) as [[bigint, bigint], [bigint, bigint]];
    return proofCalldata({
      a: [ax, ay],
      b: [
        [x0, x1],
        [y0, y1],
      ],
      c: [cx, cy],
    });
  }

  /** the verifier that generation would have to refuse: its delta is its gamma */
  const withDeltaOfGamma = (source: string): string =>
    source.replace(
      /(DELTA(_[XY]_(?:REAL|IMAGINARY))) = \d+/g,
      (_, name: string, part: string) => `${name} = ${new RegExp(`GAMMA${part} = (\\d+)`).exec(source)?.[1]}`,
    );

  test('a contract made from it by hand accepts anything, alone and in a batch', async () => {
    const { vk_gamma_2: gamma, vk_delta_2: delta, ...others } = free.uncontributedKey;
    expect(delta).toEqual(gamma);
    expect(free.key).toMatchObject({ vk_alpha_1: others.vk_alpha_1, vk_gamma_2: gamma, IC: others.IC });
    const unsafe = await deployed(chain, free, withDeltaOfGamma);
    const signals = [1n, 2n, 3n, 4n, 5n, 6n, 7n];
    expect(await unsafe.verify(forged(signals), signals)).toBe(true);
    const batch = { proofs: [forged(signals), forged(SIGNALS)], signals: [signals, SIGNALS] };
    expect(await unsafe.verifyBatch(batch)).toBe(true);

    expect(await verifier.verify(forged(signals), signals)).toBe(false);
    expect(await verifier.verifyBatch(batch)).toBe(false);
  });

  test('generation, the key loader and deployment refuse it', async () => {
    const insecure = expect.objectContaining({ code: 'INSECURE_KEY' });
    const key = free.uncontributedKey;
    expect(() => verifierSource(key, free.circuit)).toThrowError(insecure);
    expect(() => parseVerificationKey(serializeVerificationKey(key), 'key.json')).toThrowError(insecure);
    const [signer] = chain.signers;
    if (signer === undefined) throw new Error('no signer');
    for (const setup of ['development', 'ceremony'] as const) {
      await expect(deployVerifier(signer, { key, setup, circuit: free.circuit })).rejects.toEqual(insecure);
    }
  });
});

describe('attack: a verifier that ends its caller', () => {
  test('a contract that calls it goes on after the call, and reverts on a wrong proof', async () => {
    const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;
import {IGroth16Verifier, Proof} from "./interfaces/IGroth16Verifier.sol";
contract Consumer {
    uint256 public accepted;
    error Refused();
    function act(IGroth16Verifier verifier, Proof calldata proof, uint256[] calldata signals) external {
        if (!verifier.verify(proof, signals)) revert Refused();
        accepted += 1;
    }
}`;
    const { abi, bytecode } = compileContract('contracts/Consumer.sol', source, 'Consumer');
    const contract = await new ContractFactory(abi as InterfaceAbi, bytecode, chain.signers[0]).deploy();
    await contract.waitForDeployment();
    const act = contract.getFunction('act');
    const wrong = withSignal(0, (s) => s - 1n);
    await expect(act.staticCall(verifier.address, proof, wrong)).rejects.toMatchObject({
      revert: expect.objectContaining({ name: 'Refused' }),
    });
    await (await act(verifier.address, proof, SIGNALS)).wait();
    expect(await contract.getFunction('accepted')()).toBe(1n);
  });

  test('nothing in its assembly returns', () => {
    const source = verifierSource(free.key, free.circuit);
    const blocks = source.match(/^ {8}assembly [\s\S]*?^ {8}\}$/gm) ?? [];
    expect(blocks.length).toBe(source.split('assembly (').length - 1);
    expect(blocks.length).toBeGreaterThan(5);
    for (const block of blocks) expect(block).not.toMatch(/\b(return|stop|selfdestruct)\b/);
  });

  test('a contract that inherits it cannot call it as its own', () => {
    const heir = `${verifierSource(free.key, free.circuit)}
contract Heir is ${verifierContractName(free.circuit)} {
    function act(Proof calldata proof, uint256[] calldata signals) external view {
        require(verify(proof, signals), "refused");
    }
}`;
    expect(() => compileContract('Heir.sol', heir, 'Heir')).toThrowError(/Undeclared identifier[\s\S]*verify/);
  });
});

describe('verifierSource', () => {
  test('names contracts after circuits', () => {
    expect(verifierContractName('tiered-8')).toBe('Tiered8Verifier');
  });

  test.each(['', 'Tiered', '8-tiered', 'a--b', 'a"; }', 'a_b'])('refuses the name "%s"', (name) => {
    expect(() => verifierContractName(name)).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
