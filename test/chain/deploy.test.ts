import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compileContract } from '../../src/chain/compileContracts.js';
import { deployGate, deployVerifier } from '../../src/chain/deploy.js';
import { CIRCUIT, releaseSnarkjs, type SevenSignalsKeys, sevenSignals } from '../support/sevenSignals.js';

let keys: SevenSignalsKeys;
let chain: LocalChain;

beforeAll(async () => {
  // any chain that is not a local one by its id
  [keys, chain] = await Promise.all([sevenSignals(), startAnvil({ chainId: 5n })]);
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
    const deployment = deployVerifier(signer(), { key: keys.key, setup: 'development', circuit: CIRCUIT });
    await expect(deployment).rejects.toEqual(code('INSECURE_KEY'));
  });

  test('refuses a key whose gamma is its delta, whatever its label', async () => {
    const input = { key: keys.uncontributedKey, setup: 'ceremony', circuit: CIRCUIT } as const;
    await expect(deployVerifier(signer(), input)).rejects.toEqual(code('INSECURE_KEY'));
  });

  test('deploys a key of a ceremony anywhere', async () => {
    const deployment = await deployVerifier(signer(), { key: keys.key, setup: 'ceremony', circuit: CIRCUIT });
    expect(await chain.provider.getCode(deployment.address)).not.toBe('0x');
  });
});

test('a chain that cannot be reached is a CHAIN error', async () => {
  const other = await startAnvil();
  const [lost] = other.signers;
  await other.stop();
  if (lost === undefined) throw new Error('no signer');
  const policy = { minThresholdBps: 1n, minEquityFloor: 0n, scope: 1n, maxAge: 1n, maxRootGap: 1n, riskGrace: 0n };
  await expect(deployGate(lost, { owner: lost.address, policy })).rejects.toEqual(code('CHAIN'));
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
