import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contract, ContractFactory, concat, type InterfaceAbi, toBeHex } from 'ethers';
import { zKey } from 'snarkjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileContract } from '../../src/chain/compileContracts.js';
import type { ProofCalldata } from '../../src/chain/proofCalldata.js';
import { verifierContractName, verifierSource } from '../../src/chain/verifierSource.js';
import { proofArithmetic, SMALL_ORDER } from '../support/bn254.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import type { Submission } from '../support/gateSystem.js';
import { deployed, gasLimits, type VerifierContract } from '../support/verifierContract.js';
import { ACCEPTED, type Caller, type Callers, callersOfProofs } from './support/callers.js';

// Attack 2: the library's verifier ends in an assembly `return`, which ends the call of whoever inherits it: a false proof
// then reverts nothing, and what the heir did before stays. Here a verifier is a contract of its own, whose functions no
// heir can call; and what its address answers, or fails to, is never taken for "true" by any caller of proofs.

let system: Callers['system'];
let callers: Callers['callers'];
let free: FreeSignals;
let arithmetic: Awaited<ReturnType<typeof proofArithmetic>>;
/** the verifier with each precompile at another address, so that code can be put there */
let diverted: VerifierContract;
let snapshot: string;

beforeAll(async () => {
  [{ system, callers }, free, arithmetic] = await Promise.all([callersOfProofs(), freeSignals(7), proofArithmetic()]);
  diverted = await deployed(system.chain, free, (source) =>
    source.replace(/staticcall\((\w+(?:\(\))?), 0x0([678]),/g, 'staticcall($1, 0x100$2,'),
  );
});
afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});
beforeEach(async () => {
  snapshot = await system.snapshot();
});
afterEach(() => system.revert(snapshot));

const rpc = (method: string, ...parameters: readonly unknown[]): Promise<unknown> =>
  system.chain.provider.send(method, [...parameters]);
const setCode = (address: unknown, code: string): Promise<unknown> => rpc('anvil_setCode', address, code);

/** The same submission with a proof of another statement: a well-formed one that is false. */
async function withFalseProof(caller: Caller): Promise<Submission> {
  const honest = await caller.submission();
  const { proof } = await caller.submission({ thresholdBps: 13_000n });
  return { ...honest, proof };
}

/** What each of the four callers says, by its name. */
async function outcomes(submission: (caller: Caller) => Promise<Submission>): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const caller of callers) said[caller.name] = await caller.outcome(await submission(caller));
  return said;
}
const honest = (caller: Caller): Promise<Submission> => caller.submission();
const all = (outcome: string): Record<string, string> => Object.fromEntries(callers.map(({ name }) => [name, outcome]));

/** Returns, or reverts with, so many bytes of a word. */
const ending = (opcode: 'f3' | 'fd', word: bigint, bytes: number): string =>
  concat(['0x7f', toBeHex(word, 32), '0x5f', '0x52', '0x60', toBeHex(bytes, 1), '0x5f', `0x${opcode}`]);
const returning = (word: bigint, bytes = 32): string => ending('f3', word, bytes);

describe('attack 2: an heir of the verifier', () => {
  /** A contract that lends before it looks, as one may where a false proof reverts. */
  const lender = (check: string): string => `
    mapping(address holder => uint256 amount) public lent;
    function lend(Proof calldata proof, uint256[7] calldata signals) external {
        lent[msg.sender] += 100;
        ${check}
    }`;
  const SIGNALS = [1n, 2n, 3n, 4n, 5n, 6n, 7n];

  async function deploy(file: string, source: string, name: string): Promise<Contract> {
    const { abi, bytecode } = compileContract(file, source, name);
    const factory = new ContractFactory(abi as InterfaceAbi, bytecode, system.alice);
    return (await (await factory.deploy()).waitForDeployment()) as Contract;
  }
  const points = ({ a, b, c }: ProofCalldata) => [a, b, c];
  const lentTo = (contract: Contract): Promise<bigint> => contract.getFunction('lent')(system.alice.address);

  async function heirOfTheirs(check: string): Promise<Contract> {
    const folder = dirname(createRequire(import.meta.url).resolve('snarkjs'));
    const template = await readFile(join(folder, '../templates/verifier_groth16.sol.ejs'), 'utf8');
    const { exportSolidityVerifier } = zKey as unknown as {
      exportSolidityVerifier(zkey: string, templates: { groth16: string }): Promise<string>;
    };
    const zkey = fileURLToPath(new URL(`../../build/${free.circuit}/final.zkey`, import.meta.url));
    const source = `${await exportSolidityVerifier(zkey, { groth16: template })}
struct Proof { uint256[2] a; uint256[2][2] b; uint256[2] c; }
contract Heir is Groth16Verifier {${lender(check)}
}`;
    return deploy('Heir.sol', source, 'Heir');
  }

  it('of the library: a false proof reverts nothing, and the money is lent', async () => {
    // by a variable, for that the compiler does not see through
    const heir = await heirOfTheirs(`
        function(uint256[2] calldata, uint256[2][2] calldata, uint256[2] calldata, uint256[7] calldata)
            internal view returns (bool) check = verifyProof;
        require(check(proof.a, proof.b, proof.c, signals), "refused");`);
    const { publicSignals, proof } = await honest(callers[0] as Caller);
    const lend = heir.getFunction('lend');
    await (await lend(points(proof), SIGNALS)).wait();
    expect(await lentTo(heir)).toBe(100n);
    // the same verifier says false where it is asked as a contract of its own
    const asked = heir.getFunction('verifyProof');
    expect(await asked(proof.a, proof.b, proof.c, SIGNALS)).toBe(false);
    expect(await asked(proof.a, proof.b, proof.c, [...publicSignals])).toBe(true);
  });

  it('of the library, in plain words: the compiler warns of it, and a warning is an error', async () => {
    const heir = heirOfTheirs('require(verifyProof(proof.a, proof.b, proof.c, signals), "refused");');
    await expect(heir).rejects.toMatchObject({
      code: 'COMPILE_FAILED',
      message: expect.stringMatching(/Unreachable code/),
    });
  });

  it('of ours, which has to call it as a contract: a false proof reverts, and nothing is lent', async () => {
    const source = `${verifierSource(free.key, free.circuit)}
contract Heir is ${verifierContractName(free.circuit)} {${lender('require(this.verify(proof, _list(signals)), "refused");')}
    function _list(uint256[7] calldata signals) private pure returns (uint256[] memory list) {
        list = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) list[i] = signals[i];
    }
}`;
    const heir = await deploy('Heir.sol', source, 'Heir');
    const { publicSignals, proof } = await honest(callers[0] as Caller);
    const lend = heir.getFunction('lend');
    await expect(lend.staticCall(points(proof), SIGNALS)).rejects.toMatchObject({ reason: 'refused' });
    expect(await lentTo(heir)).toBe(0n);
    await (await lend(points(proof), [...publicSignals])).wait();
    expect(await lentTo(heir)).toBe(100n);
  });

  const parameters = 'Proof calldata proof, uint256[] calldata signals';
  const many = 'Proof[] calldata proofs, uint256[] calldata signals';
  const UNKNOWN = /Undeclared identifier/;
  const NOT_IN_SUPER = /not found or not visible after argument-dependent lookup in type\(contract super/;
  const NOT_VIRTUAL = /Trying to override non-virtual function/;
  it.each<[string, string, RegExp]>([
    ['its name', `act(${parameters}) external view { verify(proof, signals); }`, UNKNOWN],
    ['super', `act(${parameters}) external view { super.verify(proof, signals); }`, NOT_IN_SUPER],
    [
      'its contract’s name',
      `act(${parameters}) external view { VERIFIER.verify(proof, signals); }`,
      /Cannot call function via contract type name/,
    ],
    ['an override', `verify(${parameters}) external view override returns (bool) {}`, NOT_VIRTUAL],
    ['a function of the same name', `verify(${parameters}) external view returns (bool) {}`, NOT_VIRTUAL],
    ['the batch', `act(${many}) external view { verifyBatch(proofs, signals); }`, UNKNOWN],
    ['super for the batch', `act(${many}) external view { super.verifyBatch(proofs, signals); }`, NOT_IN_SUPER],
    ['an override of the batch', `verifyBatch(${many}) external view override returns (bool) {}`, NOT_VIRTUAL],
    ['a part of it', 'act(Proof calldata proof) external view { _isOnCurves(proof); }', UNKNOWN],
  ])('of ours does not compile that calls it, or is taken for it, by %s', (_, member, why) => {
    const verifier = verifierContractName(free.circuit);
    const heir = `contract Heir is ${verifier} { function ${member.replace('VERIFIER', verifier)} }`;
    const compile = () => compileContract('Heir.sol', `${verifierSource(free.key, free.circuit)}\n${heir}`, 'Heir');
    expect(compile).toThrowError(expect.objectContaining({ code: 'COMPILE_FAILED' }));
    expect(compile).toThrowError(why);
  });
});

describe('attack 2: code at the address of the verifier that gives no answer', () => {
  const TRUE = toBeHex(1n, 32);

  it('the control: the word 1 is an answer, whatever the proof, and the word 0 the other', async () => {
    expect(await outcomes(withFalseProof)).toEqual(all('ProofInvalid'));
    expect(await outcomes(honest)).toEqual(all(ACCEPTED));
    await setCode(system.verifier.target, returning(1n));
    expect(await outcomes(withFalseProof)).toEqual(all(ACCEPTED));
    await setCode(system.verifier.target, returning(0n));
    expect(await outcomes(honest)).toEqual(all('ProofInvalid'));
  });

  it.each<[string, string, string]>([
    ['none', '0x', ''],
    ['that stops', '0x00', ''],
    ['that returns nothing', returning(1n, 0), ''],
    ['that returns the word 2', returning(2n), ''],
    ['that returns a word with its top bit set', returning(1n + 2n ** 255n), ''],
    ['that returns 31 bytes', returning(2n ** 256n - 1n, 31), ''],
    ['that returns one byte', returning(2n ** 248n, 1), ''],
    ['that reverts', ending('fd', 0n, 0), ''],
    ['that reverts with the word 1', ending('fd', 1n, 32), TRUE],
    ['that destroys itself', '0x33ff', ''],
    ['that is no opcode', '0xfe', ''],
    ['that never ends', '0x5b5f56', ''],
  ])('%s', async (_, code, expected) => {
    await setCode(system.verifier.target, code);
    expect(await outcomes(honest)).toEqual(all(expected));
    expect(await outcomes(withFalseProof)).toEqual(all(expected));
  });
});

describe('attack 2: a check that is not finished', () => {
  it('starved of gas: a good proof is never false, and a false one never good, at any caller', async () => {
    for (const caller of callers) {
      const [good, bad] = [await honest(caller), await withFalseProof(caller)];
      const limits = [...gasLimits(60_000n, 400_000n, 8), ...gasLimits(400_000n, 1_000_000n, 24)];
      const said = async (submission: Submission): Promise<readonly string[]> => {
        const seen = new Set<string>();
        for (const gasLimit of limits) seen.add(await caller.outcome(submission, { gasLimit }));
        return [...seen].sort();
      };
      expect([caller.name, await said(good)]).toEqual([caller.name, ['', 'NotEnoughGas', ACCEPTED]]);
      expect([caller.name, await said(bad)]).toEqual([caller.name, ['', 'NotEnoughGas', 'ProofInvalid']]);
    }
  });

  /** Passes calls on to a precompile, and its answer back, or reverts: CALLDATACOPY, STATICCALL, RETURNDATACOPY. */
  const passing = (precompile: string): string => `0x365f5f375f5f365f60${precompile}5afa3d5f5f3e6016575f5ffd5b3d5ff3`;
  const PRECOMPILES = ['06', '07', '08'] as const;
  const placeOf = (precompile: string): string => `0x${`10${precompile}`.padStart(40, '0')}`;

  /** The verifier's code is one that finds its precompiles where code can be put in their place. */
  beforeEach(async () => {
    await setCode(system.verifier.target, await system.chain.provider.getCode(diverted.address));
    for (const precompile of PRECOMPILES) await setCode(placeOf(precompile), passing(precompile));
  });

  it('the control: precompiles that pass calls on', async () => {
    expect(await outcomes(honest)).toEqual(all(ACCEPTED));
    expect(await outcomes(withFalseProof)).toEqual(all('ProofInvalid'));
  });

  const ANSWERS = { '06': 64, '07': 64, '08': 32 } as const;
  it.each(
    PRECOMPILES.flatMap((precompile) => [
      [precompile, 'is not there', '0x'] as const,
      [precompile, 'reverts', ending('fd', 0n, 0)] as const,
      [precompile, 'reverts with an answer', ending('fd', 1n, ANSWERS[precompile])] as const,
      [precompile, 'answers a byte too little', returning(1n, ANSWERS[precompile] - 1)] as const,
      [precompile, 'answers a byte too much', returning(1n, ANSWERS[precompile] + 1)] as const,
    ]),
  )('precompile %s %s: the call reverts, and says neither good nor false', async (precompile, _, code) => {
    await setCode(placeOf(precompile), code);
    expect(await outcomes(honest)).toEqual(all('PrecompileFailed'));
    expect(await outcomes(withFalseProof)).toEqual(all('PrecompileFailed'));
  });
});

describe('attack 2: points that stop a check', () => {
  it('a B off its subgroup, by a point of order 10,069 or altogether: by no caller taken for good or false', async () => {
    expect([arithmetic.isSmallOrder, SMALL_ORDER]).toEqual([true, 10_069n]);
    const added = async (caller: Caller) => {
      const submission = await honest(caller);
      return { ...submission, proof: arithmetic.withSmallOrderPoint(submission.proof) };
    };
    const outside = async (caller: Caller) => {
      const submission = await honest(caller);
      return { ...submission, proof: { ...submission.proof, b: arithmetic.outsideSubgroup } };
    };
    expect(await outcomes(added)).toEqual(all('PrecompileFailed'));
    expect(await outcomes(outside)).toEqual(all('PrecompileFailed'));
  });
});
