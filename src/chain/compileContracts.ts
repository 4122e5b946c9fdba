import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SolvencyError } from '../errors.js';
import type { VerificationKey } from '../setup/verificationKey.js';
import { verifierContractName, verifierSource } from './verifierSource.js';

/** An entry of a contract's ABI, as the compiler prints it. */
export type AbiEntry = Readonly<Record<string, unknown>>;

/** What it takes to deploy a contract and to talk to it. */
export interface CompiledContract {
  readonly name: string;
  readonly abi: readonly AbiEntry[];
  /** creation code, 0x-prefixed */
  readonly bytecode: string;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, { abi: readonly AbiEntry[]; evm: { bytecode: { object: string } } }>>>
  >;
}

interface Compiler {
  compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string;
}

const require = createRequire(import.meta.url);
/** The package's folder: this file is two levels below it, in src/ as in dist/. */
const ROOT = new URL('../../', import.meta.url);

/**
 * Compiles Solidity: `source` under the path `path`, and takes the contract `name` out of it. Imports are read from this
 * package's contracts/ and from @openzeppelin/contracts. Warnings are errors: COMPILE_FAILED lists them.
 */
export function compileContract(path: string, source: string, name: string): CompiledContract {
  // loaded when needed: the compiler is a WASM module of several megabytes
  const compiler = require('solc') as Compiler;
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: source } },
    settings: {
      optimizer: { enabled: true, runs: 1000 },
      evmVersion: 'cancun',
      outputSelection: { [path]: { [name]: ['abi', 'evm.bytecode.object'] } },
    },
  };
  const output = JSON.parse(compiler.compile(JSON.stringify(input), { import: readImport })) as CompilerOutput;
  if (output.errors !== undefined && output.errors.length > 0) {
    const messages = output.errors.map(({ formattedMessage }) => formattedMessage.trim());
    throw new SolvencyError('COMPILE_FAILED', `${path} does not compile without warnings:\n${messages.join('\n')}`, {
      details: { path, messages },
    });
  }
  const contract = output.contracts?.[path]?.[name];
  if (contract === undefined || contract.evm.bytecode.object === '') {
    throw new SolvencyError('COMPILE_FAILED', `${path} holds no contract "${name}" that can be deployed.`, {
      details: { path, name },
    });
  }
  return { name, abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
}

/** Compiles contracts/SolvencyGate.sol. */
export function compileGate(): CompiledContract {
  const path = 'contracts/SolvencyGate.sol';
  return compileContract(path, readFileSync(new URL(path, ROOT), 'utf8'), 'SolvencyGate');
}

/** Compiles the verifier of a circuit from its verification key. */
export function compileVerifier(key: VerificationKey, circuit: string): CompiledContract {
  const name = verifierContractName(circuit);
  return compileContract(`contracts/${name}.sol`, verifierSource(key, circuit), name);
}

function readImport(path: string): { contents: string } | { error: string } {
  const file = path.startsWith('@openzeppelin/contracts/') ? require.resolve(path) : new URL(path, ROOT);
  return existsSync(file) ? { contents: readFileSync(file, 'utf8') } : { error: `There is no file ${path}.` };
}
