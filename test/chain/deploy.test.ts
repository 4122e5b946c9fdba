import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { LOCAL_POLICY } from '../../scripts/support/localGate.js';
import { compileContract } from '../../src/chain/compileContracts.js';
import { deployReserveAttestations, deploySystem, deployVerifier, type VerifierInput } from '../../src/chain/deploy.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';

let free: FreeSignals;
let chain: LocalChain;

beforeAll(async () => {
  // any chain that is not a local one by its id
  [free, chain] = await Promise.all([freeSignals(7), startAnvil({ chainId: 5n })]);
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

const code = (value: string) => expect.objectContaining({ code: value });

function signer() {
  const [first] = chain.signers;
  if (first === undefined) throw new Error('no signer');
  return first;
}

describe('deployVerifier', () => {
  test('refuses a development key on a chain that is not local', async () => {
    const deployment = deployVerifier(signer(), { key: free.key, setup: 'development', circuit: free.circuit });
    await expect(deployment).rejects.toEqual(code('INSECURE_KEY'));
  });

  test('refuses a key whose gamma is its delta, whatever its label', async () => {
    const input = { key: free.uncontributedKey, setup: 'ceremony', circuit: free.circuit } as const;
    await expect(deployVerifier(signer(), input)).rejects.toEqual(code('INSECURE_KEY'));
  });

  test('deploys a key of a ceremony anywhere', async () => {
    const deployment = await deployVerifier(signer(), { key: free.key, setup: 'ceremony', circuit: free.circuit });
    expect(await chain.provider.getCode(deployment.address)).not.toBe('0x');
  });
});

describe('whatever takes verifiers deploys nothing when a key is refused', () => {
  const zero = { bond: 1n, demandFee: 1n, challengeWindow: 1n, answerWindow: 1n, riskOracle: `0x${'11'.repeat(20)}` };
  const system = (verifiers: readonly VerifierInput[]) =>
    deploySystem(signer(), {
      owner: signer().address,
      scope: 1n,
      policy: LOCAL_POLICY,
      oracle: {
        maxAge: 1n,
        maxJumpBps: 1n,
        guardian: signer().address,
        signers: [],
        threshold: 1n,
        reviewers: [],
        reviewThreshold: 1n,
      },
      verifiers,
    });
  const attestations = (verifiers: readonly VerifierInput[]) =>
    deployReserveAttestations(signer(), {
      ...zero,
      start: verifiers[0] as VerifierInput,
      batches: verifiers.slice(1),
      closings: [],
    });

  test.each([
    ['deploySystem', system],
    ['deployReserveAttestations', attestations],
  ])('%s', async (_, deployAll) => {
    const before = await signer().getNonce();
    const honest = { key: free.key, setup: 'ceremony', circuit: 'honest' } as const;
    for (const input of [
      { key: free.key, setup: 'development', circuit: 'other' },
      { key: free.uncontributedKey, setup: 'ceremony', circuit: 'other' },
    ] as const) {
      await expect(deployAll([honest, input])).rejects.toEqual(code('INSECURE_KEY'));
    }
    await expect(deployAll([honest, honest])).rejects.toEqual(code('DUPLICATE'));
    expect(await signer().getNonce()).toBe(before);
  });
});

test('a chain that cannot be reached is a CHAIN error', async () => {
  const other = await startAnvil();
  const [lost] = other.signers;
  await other.stop();
  if (lost === undefined) throw new Error('no signer');
  const input = { key: free.key, setup: 'ceremony', circuit: free.circuit } as const;
  await expect(deployVerifier(lost, input)).rejects.toEqual(code('CHAIN'));
});

describe('compileContract', () => {
  const HEAD = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n';

  test('takes warnings for errors', () => {
    const source = `${HEAD}contract A { function f() external pure { uint256 unused; } }`;
    expect(() => compileContract('A.sol', source, 'A')).toThrowError(code('COMPILE_FAILED'));
  });

  test('says which file an import lacks', () => {
    expect(() => compileContract('A.sol', `${HEAD}import "./Missing.sol";\ncontract A {}`, 'A')).toThrowError(
      /There is no file Missing\.sol/,
    );
  });

  test('refuses a contract that is not there', () => {
    expect(() => compileContract('A.sol', `${HEAD}contract A {}`, 'B')).toThrowError(code('COMPILE_FAILED'));
  });
});
