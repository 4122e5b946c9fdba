import { decodeRlp, keccak256 } from 'ethers';
import { SolvencyError } from '../errors.js';

/** What a block header says of the state after the block. */
export interface BlockHeader {
  /** keccak256 of the header, 0x lower case */
  readonly hash: string;
  readonly stateRoot: string;
  readonly number: number;
  /** seconds since 1970 */
  readonly timestamp: number;
}

/** Places of the fields in a header. Every fork so far appended; the first fifteen stand since the beginning. */
const FIELD = { stateRoot: 3, number: 8, timestamp: 11 } as const;
const FIRST_FIELDS = 15;

/**
 * Reads a header from its RLP. Whether it is a block of the chain is for the caller to see by its hash. INVALID_INPUT when
 * it is no header.
 */
export function readBlockHeader(rlp: string, where: string): BlockHeader {
  const fields = fieldsOf(rlp);
  const [stateRoot, number, timestamp] = [FIELD.stateRoot, FIELD.number, FIELD.timestamp].map((at) => fields[at]);
  if (
    fields.length < FIRST_FIELDS ||
    typeof stateRoot !== 'string' ||
    stateRoot.length !== 66 ||
    !isTime(number) ||
    !isTime(timestamp)
  ) {
    throw new SolvencyError('INVALID_INPUT', `${where} is not the RLP of a block header.`, { details: { where } });
  }
  return { hash: keccak256(rlp), stateRoot, number: wholeOf(number), timestamp: wholeOf(timestamp) };
}

function fieldsOf(rlp: string): readonly unknown[] {
  try {
    const decoded = decodeRlp(rlp);
    return Array.isArray(decoded) ? decoded : [];
  } catch {
    return [];
  }
}

/** Numbers and seconds fit six bytes for a long time to come. */
const isTime = (field: unknown): field is string => typeof field === 'string' && field.length <= 2 + 12;
const wholeOf = (field: string): number => (field === '0x' ? 0 : Number(field));
