import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
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

interface CompilerMessage {
  readonly severity: 'error' | 'warning' | 'info';
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string };
}

interface CompilerOutput {
  readonly errors?: readonly CompilerMessage[];
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

/** A contract in a source, whose imports are found by `path`. */
export interface ContractSource {
  /** relative to the package's folder */
  readonly path: string;
  readonly source: string;
  readonly name: string;
}

/**
 * Compiles Solidity: `source` under the path `path`, and takes the contract `name` out of it. Imports are read from this
 * package's contracts/, from @openzeppelin/contracts and, where it is installed, from @chainlink/contracts. Warnings are
 * errors: COMPILE_FAILED lists them.
 */
export function compileContract(path: string, source: string, name: string): CompiledContract {
  return compileContracts([{ path, source, name }])[0] as CompiledContract;
}

/** Compiles several contracts in one run of the compiler, in their order; as compileContract. */
export function compileContracts(contracts: readonly ContractSource[]): readonly CompiledContract[] {
  const output = runCompiler(contracts, ['abi', 'evm.bytecode.object']);
  return contracts.map(({ path, name }) => {
    const contract = output.contracts?.[path]?.[name];
    if (contract === undefined || contract.evm.bytecode.object === '') {
      throw new SolvencyError('COMPILE_FAILED', `${path} holds no contract "${name}" that can be deployed.`, {
        details: { path, name },
      });
    }
    return { name, abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
  });
}

/** The ABIs of contracts and interfaces, in their order: the compiler is quicker where it need not make code. */
export function contractAbis(contracts: readonly ContractSource[]): readonly (readonly AbiEntry[])[] {
  const output = runCompiler(contracts, ['abi']);
  return contracts.map(({ path, name }) => {
    const contract = output.contracts?.[path]?.[name];
    if (contract === undefined) {
      throw new SolvencyError('COMPILE_FAILED', `${path} holds no "${name}".`, { details: { path, name } });
    }
    return contract.abi;
  });
}

/** A contract of this package by its path below contracts/; it has the name of its file. */
export function packageContract(path: string): ContractSource {
  const whole = `contracts/${path}`;
  return { path: whole, source: readFileSync(new URL(whole, ROOT), 'utf8'), name: basename(path, '.sol') };
}

/** The verifier of a circuit, generated from its verification key. */
export function verifierContract(key: VerificationKey, circuit: string): ContractSource {
  const name = verifierContractName(circuit);
  return { path: `contracts/${name}.sol`, source: verifierSource(key, circuit), name };
}

/** Compiles the verifier of a circuit from its verification key. */
export const compileVerifier = (key: VerificationKey, circuit: string): CompiledContract =>
  compileContracts([verifierContract(key, circuit)])[0] as CompiledContract;

function runCompiler(contracts: readonly ContractSource[], wanted: readonly string[]): CompilerOutput {
  // loaded when needed: the compiler is a WASM module of several megabytes
  const compiler = require('solc') as Compiler;
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(contracts.map(({ path, source }) => [path, { content: source }])),
    settings: {
      optimizer: { enabled: true, runs: 1000 },
      evmVersion: 'cancun',
      outputSelection: Object.fromEntries(contracts.map(({ path, name }) => [path, { [name]: wanted }])),
    },
  };
  const output = JSON.parse(compiler.compile(JSON.stringify(input), { import: readImport })) as CompilerOutput;
  const errors = (output.errors ?? []).filter(isOurs);
  if (errors.length > 0) {
    const paths = contracts.map(({ path }) => path);
    const messages = errors.map(({ formattedMessage }) => formattedMessage.trim());
    throw new SolvencyError(
      'COMPILE_FAILED',
      `${paths.join(', ')} cannot be compiled without warnings:\n${messages.join('\n')}`,
      { details: { paths, messages } },
    );
  }
  return output;
}

/** Errors count wherever they are; what the compiler merely dislikes in a package is the package's to mend. */
const isOurs = ({ severity, sourceLocation }: CompilerMessage): boolean =>
  severity === 'error' || sourceLocation?.file.startsWith('@') !== true;

/**
 * The packages that contracts import from. The second is an optional peer: only ChainlinkMarkCheck needs it, and it drags in
 * dozens of megabytes.
 */
const PACKAGES = ['@openzeppelin/contracts/', '@chainlink/contracts/'];

function readImport(path: string): { contents: string } | { error: string } {
  const isPackaged = PACKAGES.some((prefix) => path.startsWith(prefix));
  try {
    // resolved from here, so that the older copies which packages hold for themselves are never taken
    return { contents: readFileSync(isPackaged ? require.resolve(path) : new URL(path, ROOT), 'utf8') };
  } catch {
    return { error: `There is no file ${path}${isPackaged ? ': is its package installed?' : '.'}` };
  }
}
