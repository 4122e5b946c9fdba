import { getAddress, isAddress } from 'ethers';
import { SolvencyError } from '../errors.js';
import { parseSnapshot } from '../formats/snapshot.js';
import { readTextFile } from '../formats/textFile.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { buildRiskTable, type RiskTable } from '../risk/riskTable.js';

export { readTextFile as readText } from '../formats/textFile.js';

/** Reads, validates and hashes a snapshot. */
export const readTable = async (path: string): Promise<RiskTable> =>
  buildRiskTable(parseSnapshot(await readTextFile(path), path));

/** A whole number of an option, decimal or 0x; INVALID_INPUT when it is none. */
export function wholeNumber(flag: string, text: string): bigint {
  if (/^(\d{1,80}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw new SolvencyError('INVALID_INPUT', `${flag} must be a whole number, decimal or 0x hexadecimal.`, {
    details: { flag },
  });
}

/** A field element of an option; OUT_OF_RANGE when it is not below r. */
export function fieldElement(flag: string, text: string): bigint {
  const value = wholeNumber(flag, text);
  if (value < FIELD_ORDER) return value;
  throw new SolvencyError('OUT_OF_RANGE', `${flag} must be below the field order r.`, { details: { flag } });
}

/** Seconds of an option. */
export function seconds(flag: string, text: string): number {
  const value = wholeNumber(flag, text);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new SolvencyError('OUT_OF_RANGE', `${flag} is too large.`, { details: { flag } });
}

/** An address of an option, checksummed. */
export function address(flag: string, text: string): string {
  if (isAddress(text) && text.startsWith('0x')) return getAddress(text);
  throw new SolvencyError(
    'INVALID_INPUT',
    `${flag} must be an address: 0x and 40 hexadecimal digits, in lower case or with a valid checksum.`,
    { details: { flag } },
  );
}
