import { FIELD_ORDER } from '../protocol/constants.js';
import { fieldElement, patternText, refined } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

/** The owner's secret and what an account leaf shows of it; whoever holds the secret can prove for the account. */
export interface Identity {
  readonly ownerSecret: bigint;
  readonly ownerCommitment: bigint;
}

const SECRET_RULE = "must be 0x and 64 hexadecimal digits, above zero and below the field's order";

export const identitySchema = fileSchema('identity', {
  ownerSecret: refined(
    patternText(/^0x[0-9a-f]{64}$/, SECRET_RULE),
    (text) => BigInt(text) > 0n && BigInt(text) < FIELD_ORDER,
    SECRET_RULE,
  ),
  ownerCommitment: fieldElement,
});

/** Reads `zk-solvency/identity`. That the commitment is the secret's is for the caller to check. Errors: readFormat's. */
export function parseIdentity(text: string, where: string): Identity {
  const file = readFormat(identitySchema, text, { name: 'identity', where });
  return { ownerSecret: BigInt(file.ownerSecret), ownerCommitment: BigInt(file.ownerCommitment) };
}

export const serializeIdentity = ({ ownerSecret, ownerCommitment }: Identity): string =>
  writeFormat('identity', {
    ownerSecret: `0x${ownerSecret.toString(16).padStart(64, '0')}`,
    ownerCommitment: ownerCommitment.toString(),
  });
