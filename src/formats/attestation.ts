import { keccak256, toUtf8Bytes } from 'ethers';
import { z } from 'zod';
import { type Attestation, type BundleFile, CLAIMS } from '../attestation/attestation.js';
import { SolvencyError } from '../errors.js';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { VALUE_DECIMALS } from '../protocol/constants.js';
import { accountRootOpeningFields, openingFromFields, openingToFields } from './accountRootOpening.js';
import {
  circuitName,
  decimalText,
  entryId,
  fieldElement,
  nameText,
  patternText,
  sha256Text,
  wholeNumber,
} from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { listOf, MAX_ROWS, tableChoiceFields } from './tableChoice.js';

// a path inside the bundle: plain names, so that none leads out of it
const bundlePath = patternText(
  /^[a-z0-9][a-z0-9.-]{0,63}(\/[a-z0-9][a-z0-9.-]{0,63}){0,2}$/,
  'must be a path inside the bundle, of plain names',
);
const file = z.strictObject({ path: bundlePath, sha256: sha256Text });
const place = wholeNumber(0, 2 ** 27);

export const attestationSchema = fileSchema('attestation', {
  software: patternText(/^[\x20-\x7e]{1,80}$/, 'must be a name and version'),
  venue: nameText,
  claim: z.enum(CLAIMS, `must be one of ${CLAIMS.join(', ')}`),
  accountRoot: fieldElement,
  accountRootOpening: accountRootOpeningFields,
  riskRoot: fieldElement,
  statement: fieldElement,
  venueStart: place,
  accounts: place,
  tables: listOf(z.strictObject({ circuit: circuitName, ...tableChoiceFields })),
  batches: z.array(
    z.strictObject({ table: wholeNumber(0, MAX_ROWS), firstIndex: place, stateAfter: fieldElement, proof: file }),
  ),
  closing: z.strictObject({ circuit: circuitName, proof: file }),
  verificationKeys: listOf(z.strictObject({ circuit: circuitName, keyHash: sha256Text, file })),
  snapshot: file,
  evidence: file,
  totals: file.nullable(),
  loans: z
    .strictObject({
      largestDebtor: decimalText,
      subtracted: listOf(z.strictObject({ id: entryId, value: decimalText })),
    })
    .nullable(),
  covered: z
    .strictObject({ reserveValue: decimalText, reserves: listOf(z.strictObject({ id: entryId, value: decimalText })) })
    .nullable(),
  signature: patternText(/^0x[0-9a-f]{130}$/, 'must be a signature of 65 bytes in hexadecimal'),
});

type Fields = Omit<z.infer<typeof attestationSchema>, 'format' | 'version'>;

/**
 * Reads `zk-solvency/attestation`, the manifest of a bundle. Errors: readFormat's; NOT_REPRESENTABLE for values, DUPLICATE for
 * an asset whose loans are given twice.
 */
export function parseAttestation(text: string, where: string): Attestation {
  const fields = readFormat(attestationSchema, text, { name: 'attestation', where });
  const value = (digits: string, path: string): bigint => parseAmount(digits, VALUE_DECIMALS, `${where}: ${path}`);
  const { loans, covered } = fields;
  return {
    software: fields.software,
    venue: fields.venue,
    claim: fields.claim,
    accountRoot: BigInt(fields.accountRoot),
    accountRootOpening: openingFromFields(fields.accountRootOpening),
    riskRoot: BigInt(fields.riskRoot),
    statement: BigInt(fields.statement),
    venueStart: fields.venueStart,
    accounts: fields.accounts,
    tables: fields.tables.map(({ circuit, ...choice }) => ({ circuit, choice })),
    batches: fields.batches.map((batch) => ({ ...batch, stateAfter: BigInt(batch.stateAfter) })),
    closing: fields.closing,
    verificationKeys: fields.verificationKeys,
    snapshot: fields.snapshot,
    evidence: fields.evidence,
    totals: fields.totals,
    loans:
      loans === null
        ? null
        : {
            largestDebtor: value(loans.largestDebtor, 'loans.largestDebtor'),
            subtracted: new Map(
              onceEach(loans.subtracted, `${where}: loans.subtracted`).map((item) => [
                item.id,
                value(item.value, 'loans.subtracted'),
              ]),
            ),
          },
    covered:
      covered === null
        ? null
        : {
            reserveValue: value(covered.reserveValue, 'covered.reserveValue'),
            reserves: covered.reserves.map((item) => ({ id: item.id, value: value(item.value, 'covered.reserves') })),
          },
    signature: fields.signature,
  };
}

/** The first of two rows of one asset would stand under the signature of the second: the id is made of what was read. */
function onceEach<Item extends { readonly id: number }>(items: readonly Item[], where: string): readonly Item[] {
  const seen = new Set<number>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) {
      throw new SolvencyError('DUPLICATE', `${where}[${index}] repeats the asset ${id}. Leave one.`, {
        details: { where: `${where}[${index}]` },
      });
    }
    seen.add(id);
  }
  return items;
}

export const serializeAttestation = (attestation: Attestation): string =>
  writeFormat('attestation', attestationFields(attestation));

function attestationFields(attestation: Attestation): Fields {
  const value = (amount: bigint): string => formatAmount(amount, VALUE_DECIMALS);
  const { loans, covered } = attestation;
  return {
    software: attestation.software,
    venue: attestation.venue,
    claim: attestation.claim,
    accountRoot: attestation.accountRoot.toString(),
    accountRootOpening: openingToFields(attestation.accountRootOpening),
    riskRoot: attestation.riskRoot.toString(),
    statement: attestation.statement.toString(),
    venueStart: attestation.venueStart,
    accounts: attestation.accounts,
    tables: attestation.tables.map(({ circuit, choice }) => ({
      circuit,
      assets: [...choice.assets],
      steps: choice.steps.map(([id, at]): [number, number] => [id, at]),
      instruments: [...choice.instruments],
      tiers: choice.tiers.map(([id, at]): [number, number] => [id, at]),
    })),
    batches: attestation.batches.map(({ table, firstIndex, stateAfter, proof }) => ({
      table,
      firstIndex,
      stateAfter: stateAfter.toString(),
      proof: fileFields(proof),
    })),
    closing: { circuit: attestation.closing.circuit, proof: fileFields(attestation.closing.proof) },
    verificationKeys: attestation.verificationKeys.map(({ circuit, keyHash, file }) => ({
      circuit,
      keyHash,
      file: fileFields(file),
    })),
    snapshot: fileFields(attestation.snapshot),
    evidence: fileFields(attestation.evidence),
    totals: attestation.totals === null ? null : fileFields(attestation.totals),
    loans:
      loans === null
        ? null
        : {
            largestDebtor: value(loans.largestDebtor),
            subtracted: [...loans.subtracted].map(([id, amount]) => ({ id, value: value(amount) })),
          },
    covered:
      covered === null
        ? null
        : {
            reserveValue: value(covered.reserveValue),
            reserves: covered.reserves.map((item) => ({ id: item.id, value: value(item.value) })),
          },
    signature: attestation.signature,
  };
}

const fileFields = ({ path, sha256 }: BundleFile): Fields['snapshot'] => ({ path, sha256 });

/**
 * What an attestation is named by, and what its venue signs: a hash of everything but the proofs' own randomness and the
 * signature, so that the same book proven twice has one id. 0x and 64 hexadecimal digits.
 */
export function attestationId(attestation: Attestation): string {
  const { batches, closing, signature: _signature, ...stated } = attestationFields(attestation);
  const statement = {
    ...stated,
    batches: batches.map(({ proof: _proof, ...batch }) => batch),
    closing: { circuit: closing.circuit },
  };
  return keccak256(toUtf8Bytes(`zk-solvency/attestation ${JSON.stringify(statement)}`));
}
