import { type BatchClass, shapeOf } from '../liabilities/batchClasses.js';
import { accountsPerBatch } from '../liabilities/batchInput.js';
import type { BookParameters } from '../liabilities/bookParameters.js';
import { liabilitiesTableHash } from '../liabilities/liabilitiesTable.js';
import { liabilitiesTable } from '../liabilities/tableChoice.js';
import type { Attestation } from './attestation.js';
import { withReason } from './reasons.js';
import type { TrustedCircuit } from './verifyKeys.js';

/** A table that the verifier has made anew, with the circuit that batches use it in. */
export interface VerifiedTable extends Pick<BatchClass, 'accounts'>, TrustedCircuit {
  readonly tableHash: bigint;
}

/**
 * Makes every table anew from the snapshot: a batch under a table of the venue's own making values accounts at prices of
 * its own. Reason: TABLE_INVALID.
 */
export async function verifyTables(
  { tables }: Attestation,
  circuits: ReadonlyMap<string, TrustedCircuit>,
  parameters: BookParameters,
): Promise<readonly VerifiedTable[]> {
  const made: VerifiedTable[] = [];
  for (const [index, { circuit: name, choice }] of tables.entries()) {
    const trusted = circuits.get(name) as TrustedCircuit;
    const shape = shapeOf(trusted.circuit);
    const table = await withReason('TABLE_INVALID', `tables[${index}]`, () =>
      liabilitiesTable(choice, shape, parameters),
    );
    made.push({ ...trusted, accounts: accountsPerBatch(shape), tableHash: liabilitiesTableHash(table) });
  }
  return made;
}
