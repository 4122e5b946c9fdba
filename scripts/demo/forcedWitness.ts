import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { circuitForAccount, circuitInput } from '../../src/margin/families.js';
import type { ProofRequest } from '../../src/margin/opening.js';
import { type ConstraintName, constraintName } from '../../src/r1cs/constraintName.js';
import { brokenConstraints } from '../../src/r1cs/evaluateR1cs.js';
import { readR1cs } from '../../src/r1cs/readR1cs.js';
import { readSymbols } from '../../src/r1cs/symbols.js';
import { withoutChecks } from '../../src/r1cs/uncheckedCalculator.js';
import type { DemoAccount } from './accounts.js';

/** Computes a witness of an insolvent account with every check of the calculator taken out, and names what it breaks. */
export async function forcedWitness(
  root: string,
  { holder, maintenance }: DemoAccount,
  request: ProofRequest,
): Promise<ConstraintName> {
  const { name, capacity } = circuitForAccount(holder.account.account, maintenance);
  const read = (file: string) => readFile(join(root, 'artifacts', name, file));
  const calculator = await WitnessCalculatorBuilder(withoutChecks(await read('circuit.wasm')));
  const statement = { ...holder, table: maintenance, request };
  const witness = await calculator.calculateWitness(circuitInput(statement, capacity).signals, false);
  const r1cs = readR1cs(await read('circuit.r1cs'));
  const [broken] = brokenConstraints(r1cs, witness);
  if (broken === undefined) throw new Error('the R1CS accepts an insolvent account');
  return constraintName(r1cs, broken, readSymbols((await read('circuit.sym')).toString('utf8')));
}
