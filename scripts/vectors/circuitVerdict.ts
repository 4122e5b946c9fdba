import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import type { Account } from '../../src/account/account.js';
import { commitAccounts } from '../../src/account/accountTree.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { SolvencyError } from '../../src/errors.js';
import { circuitForAccount, circuitInput } from '../../src/margin/families.js';
import { brokenConstraints, type Witness } from '../../src/r1cs/evaluateR1cs.js';
import { type R1cs, readR1cs } from '../../src/r1cs/readR1cs.js';
import { withoutChecks } from '../../src/r1cs/uncheckedCalculator.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { CircuitInstance } from '../../src/setup/circuits.js';
import { compileCircuit } from '../../src/setup/compileCircuit.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import type { ProveStatement } from '../../src/vectors/run.js';

interface LoadedCircuit {
  readonly r1cs: R1cs;
  readonly calculate: (inputs: Record<string, unknown>) => Promise<Witness>;
}

const FOLDER = resolve(import.meta.dirname, '../../build/vectors');
const OWNER_SECRET = 1n;
const loaded = new Map<string, Promise<LoadedCircuit>>();

/**
 * The circuit's verdict on a case: a witness is computed with every check of the calculator taken out, so that only the
 * constraints decide. Circuits are compiled once, and used when their r1cs has the hash that circuits.json pins.
 */
export const circuitVerdict: ProveStatement = async ({ snapshot, holdings }) => {
  try {
    const table = buildRiskTable(snapshot);
    const circuit = circuitForAccount(holdings, table);
    const account: Account = { ...holdings, ownerCommitment: ownerCommitment(OWNER_SECRET), accountId: 1n, salt: 1n };
    const { registry, time } = snapshot;
    const [holder] = commitAccounts([account], {
      venueId: venueId(registry),
      registryHash: registryHash(registry),
      time: BigInt(time),
    });
    if (holder === undefined) throw new SolvencyError('INTERNAL', 'the account was not committed');
    const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 0n, context: 0n };
    const statement = { account: holder, ownerSecret: OWNER_SECRET, table, request };
    const { signals } = circuitInput(statement, circuit.capacity);
    const { r1cs, calculate } = await load(circuit);
    return { verdict: brokenConstraints(r1cs, await calculate(signals)).length === 0 };
  } catch (error) {
    // what a circuit cannot hold is listed with its reason, never passed
    const skip = ['TOO_MANY_POSITIONS', 'TOO_MANY_ASSETS', 'TOO_MANY_EXPIRIES', 'TOO_MANY_UNDERLYINGS', 'OUT_OF_RANGE'];
    if (error instanceof SolvencyError && skip.includes(error.code))
      return { skipped: `${error.code}: ${error.message}` };
    throw error;
  }
};

function load(circuit: CircuitInstance): Promise<LoadedCircuit> {
  const known = loaded.get(circuit.name);
  if (known !== undefined) return known;
  const loading = read(circuit);
  loaded.set(circuit.name, loading);
  return loading;
}

async function read(circuit: CircuitInstance): Promise<LoadedCircuit> {
  const folder = join(FOLDER, circuit.name);
  if ((await pinned(folder, circuit)) === undefined) {
    console.error(`compiling ${circuit.name}`);
    await compileCircuit(circuit, folder);
  }
  const r1cs = await pinned(folder, circuit);
  if (r1cs === undefined) {
    throw new SolvencyError(
      'ARTIFACT_ALTERED',
      `${circuit.name} does not compile to the r1cs that circuits.json pins.`,
    );
  }
  const calculator = await WitnessCalculatorBuilder(withoutChecks(await readFile(join(folder, 'circuit.wasm'))));
  return { r1cs: readR1cs(r1cs), calculate: (inputs) => calculator.calculateWitness(inputs, false) };
}

/** The compiled r1cs when it is there and has the pinned hash. */
async function pinned(folder: string, { r1cs }: CircuitInstance): Promise<Uint8Array | undefined> {
  const bytes = await readFile(join(folder, 'circuit.r1cs')).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return createHash('sha256').update(bytes).digest('hex') === r1cs.sha256 ? bytes : undefined;
}
