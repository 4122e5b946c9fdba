import { encodeRlp, toBeArray } from 'ethers';
import { SolvencyError } from '../errors.js';

/** Fields of every header, in the order in which they are hashed. */
const FIRST_FIELDS = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
] as const;

/** What forks appended, London to Prague, in their order. */
const FORK_FIELDS = [
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const;

/** Numbers are hashed without leading zeros; everything else as the bytes that it is. */
const NUMBERS: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
]);

/**
 * The RLP of a block's header from the JSON of eth_getBlockByNumber. It is the block's only if its keccak256 is the hash:
 * a chain whose headers have other fields gives another. CHAIN when a field is missing or no hexadecimal number.
 */
export function rpcHeader(block: Readonly<Record<string, unknown>>): string {
  const names = [...FIRST_FIELDS, ...FORK_FIELDS.filter((name) => typeof block[name] === 'string')];
  return encodeRlp(names.map((name) => field(name, block[name])));
}

function field(name: string, value: unknown): Uint8Array | string {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]*$/.test(value) || value.length > 1 << 17) {
    throw new SolvencyError('CHAIN', `The node's block has no hexadecimal "${name}".`, { details: { field: name } });
  }
  if (NUMBERS.has(name)) return toBeArray(BigInt(value === '0x' ? 0 : value));
  if (value.length % 2 === 0) return value;
  throw new SolvencyError('CHAIN', `The node's block has half a byte in "${name}".`, { details: { field: name } });
}
