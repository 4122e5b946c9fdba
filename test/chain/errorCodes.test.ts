import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interface, type InterfaceAbi, makeError } from 'ethers';
import { describe, expect, test } from 'vitest';
import { CONTRACTS } from '../../scripts/generate/contractAbis.js';
import { abis } from '../../src/chain/abi/index.js';
import { chainError } from '../../src/chain/chainError.js';
import { REFUSALS } from '../../src/chain/errorCodes.js';
import { SolvencyError } from '../../src/errors.js';

const FOLDER = fileURLToPath(new URL('../../contracts/', import.meta.url));

const interfaces = Object.entries(abis).map(([name, abi]) => [name, new Interface(abi as InterfaceAbi)] as const);

/** What the library throws when a call reverts with that data. */
const reverted = (data: string) =>
  makeError('execution reverted', 'CALL_EXCEPTION', {
    action: 'call',
    data,
    reason: null,
    transaction: { to: null, data: '' },
    invocation: null,
    revert: null,
  });

describe('errors of contracts', () => {
  test.each(interfaces)('each of %s has a code and words', (_, contract) => {
    contract.forEachError((error) => {
      const values = error.inputs.map(({ type }) => (type === 'address' ? `0x${'11'.repeat(20)}` : 7));
      const bytes = error.inputs.map(({ type }, index) =>
        type === 'bytes32' ? `0x${'22'.repeat(32)}` : values[index],
      );
      const args = error.inputs.map(({ type }, index) => (type === 'string' ? 'text' : bytes[index]));
      const decoded = chainError(reverted(contract.encodeErrorResult(error, args)), 'the call');
      expect(REFUSALS, error.name).toHaveProperty(error.name);
      const { words } = REFUSALS[error.name as keyof typeof REFUSALS];
      expect(decoded.message).toContain(`refused the call: ${words}. ${error.name}(`);
      expect(decoded.details).toEqual({ error: error.name, arguments: args.map(String) });
    });
  });

  test('no code is left over from an error that is gone', () => {
    const named = new Set(interfaces.flatMap(([, contract]) => errorNames(contract)));
    expect(Object.keys(REFUSALS).filter((name) => !named.has(name))).toEqual([]);
  });

  test('every contract that can be deployed is listed', () => {
    const deployable = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sol'))
      .filter((file) =>
        new RegExp(`^contract ${basename(file, '.sol')}\\b`, 'm').test(readFileSync(join(FOLDER, file), 'utf8')),
      );
    expect(deployable.length).toBeGreaterThan(0);
    expect(deployable.filter((file) => !(CONTRACTS as readonly string[]).includes(file))).toEqual([]);
  });

  const code = (name: string, ...args: unknown[]) => {
    const [, contract] = interfaces.find(([, known]) => known.getError(name) !== null) ?? [];
    return chainError(reverted(contract?.encodeErrorResult(name, args) ?? ''), 'the call').code;
  };
  test.each([
    ['ProofInvalid', [], 'PROOF_INVALID'],
    ['WrongContext', [1n, 2n], 'EXPECTATION_NOT_MET'],
    ['NullifierTaken', [1n], 'EXPECTATION_NOT_MET'],
    ['Stale', [1n, 2n], 'STALE_SNAPSHOT'],
    ['InvalidPolicy', [], 'INVALID_INPUT'],
    ['DeadlinePassed', [1n, 2n], 'CHAIN'],
    ['NotEnoughGas', [], 'CHAIN'],
    // IReserveAttestations.Fault: a table that is not approved, and a proof that fails
    ['EntryRefused', [1n, 9n], 'EXPECTATION_NOT_MET'],
    ['EntryRefused', [1n, 11n], 'PROOF_INVALID'],
  ])('%s(%s) is %s', (name, args, expected) => {
    expect(code(name, ...args)).toBe(expected);
  });
});

describe('what else a call throws', () => {
  test('a revert that no contract of ours knows, and one without data', () => {
    for (const data of ['0x12345678', '0x', '0x12']) {
      expect(chainError(reverted(data), 'submit')).toMatchObject({
        code: 'CHAIN',
        message: 'The contract refused submit and gave no reason that could be read.',
      });
    }
  });

  test('a panic of the language is named', () => {
    const panic = new Interface(['error Panic(uint256)']).encodeErrorResult('Panic', [0x11n]);
    expect(chainError(reverted(panic), 'submit')).toMatchObject({ code: 'CHAIN', details: { error: 'Panic' } });
  });

  test('errors of ours stay what they are', () => {
    const ours = new SolvencyError('DUPLICATE', 'twice');
    expect(chainError(ours, 'submit')).toBe(ours);
  });
});

function errorNames(contract: Interface): readonly string[] {
  const names: string[] = [];
  contract.forEachError(({ name }) => void names.push(name));
  return names;
}
