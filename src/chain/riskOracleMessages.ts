import {
  getAddress,
  isAddress,
  isHexString,
  type Signer,
  type TypedDataDomain,
  type TypedDataField,
  verifyTypedData,
} from 'ethers';
import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';

/** The oracle that a signature is for; it counts on no other chain and under no other contract. */
export interface OracleDomain {
  readonly chainId: bigint;
  /** address of the RiskOracle */
  readonly oracle: string;
}

/** The mark price of an instrument, or of an asset, that a snapshot holds. */
export interface SnapshotMark {
  /** id in the venue's registry */
  readonly instrument: number;
  /** of one unit, 1e-8 quote */
  readonly price: bigint;
}

/** What signers and reviewers of a RiskOracle stand for when a risk root is posted. */
export interface SnapshotPost {
  readonly root: bigint;
  /** the time inside of the root, seconds since 1970 */
  readonly time: bigint;
  readonly modelHash: bigint;
  /** 32 bytes, 0x-prefixed: hash of the published snapshot file */
  readonly dataHash: string;
  /** by ascending id */
  readonly marks: readonly SnapshotMark[];
}

/** What signers stand for when tables of a root's snapshot are approved. */
export interface TablesApproval {
  readonly root: bigint;
  readonly tableHashes: readonly bigint[];
}

/** EIP-712 typed data in the shape of ethers' signTypedData(domain, types, value). */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

const SNAPSHOT_TYPES = {
  Snapshot: [
    { name: 'root', type: 'uint256' },
    { name: 'time', type: 'uint64' },
    { name: 'modelHash', type: 'uint256' },
    { name: 'dataHash', type: 'bytes32' },
    { name: 'marks', type: 'Mark[]' },
  ],
  Mark: [
    { name: 'instrument', type: 'uint32' },
    { name: 'price', type: 'uint128' },
  ],
};

const TABLES_TYPES = {
  Tables: [
    { name: 'root', type: 'uint256' },
    { name: 'tableHashes', type: 'uint256[]' },
  ],
};

/** What is signed to post a risk root. INVALID_INPUT for what the contract would refuse whatever is on chain. */
export function snapshotTypedData(domain: OracleDomain, post: SnapshotPost): TypedData {
  const { root, time, modelHash, dataHash, marks } = post;
  check([
    ...domainRules(domain),
    [isRoot(root), "the root must be from 1 and below the field's order"],
    [fits(time, 64n) && time > 0n, 'the time must be in whole seconds since 1970'],
    [fits(modelHash, 256n), 'the model hash must be a number of at most 256 bits'],
    [isHexString(dataHash, 32), 'the data hash must be 0x and 64 hexadecimal digits'],
    [marks.every(({ instrument }) => isId(instrument)), 'ids must be whole numbers from 1 to 2^32 - 1'],
    [
      marks.every(({ instrument }, i) => instrument > (marks[i - 1]?.instrument ?? 0)),
      'the marks must be in ascending order of their ids, each of which stands once',
    ],
    [marks.every(({ price }) => fits(price, 128n) && price > 0n), 'marks must be from 1 to 2^128 - 1, in 1e-8 quote'],
  ]);
  const value = {
    root,
    time,
    modelHash,
    dataHash,
    marks: marks.map(({ instrument, price }) => ({ instrument, price })),
  };
  return { domain: domainOf(domain), types: SNAPSHOT_TYPES, value };
}

/** What is signed to approve tables. INVALID_INPUT as above. */
export function tablesTypedData(domain: OracleDomain, { root, tableHashes }: TablesApproval): TypedData {
  check([
    ...domainRules(domain),
    [isRoot(root), "the root must be from 1 and below the field's order"],
    [tableHashes.every((hash) => fits(hash, 256n)), 'table hashes must be numbers of at most 256 bits'],
  ]);
  return { domain: domainOf(domain), types: TABLES_TYPES, value: { root, tableHashes: [...tableHashes] } };
}

/** Signatures of a snapshot by each of the signers, in the order that the contract takes. */
export const signSnapshot = (
  signers: readonly Signer[],
  domain: OracleDomain,
  post: SnapshotPost,
): Promise<readonly string[]> => signAll(signers, snapshotTypedData(domain, post));

/** Signatures of an approval by each of the signers, in the order that the contract takes. */
export const signTables = (
  signers: readonly Signer[],
  domain: OracleDomain,
  approval: TablesApproval,
): Promise<readonly string[]> => signAll(signers, tablesTypedData(domain, approval));

/**
 * Signatures that were collected from signers, in the order that the contract takes: ascending by signer. INVALID_INPUT for
 * what is no signature. Who signed is the contract's to judge.
 */
export function sortSignatures(data: TypedData, signatures: readonly string[]): readonly string[] {
  const bySigner = signatures.map((signature, index) => ({ signature, signer: signerOf(data, signature, index) }));
  bySigner.sort((one, other) => (one.signer < other.signer ? -1 : one.signer > other.signer ? 1 : 0));
  return bySigner.map(({ signature }) => signature);
}

function signerOf(data: TypedData, signature: string, index: number): bigint {
  try {
    // the library would take shorter forms as well, the contract does not
    if (!isHexString(signature, 65)) throw new Error('another length');
    return BigInt(verifyTypedData(data.domain, data.types, data.value, signature));
  } catch (cause) {
    throw new SolvencyError('INVALID_INPUT', `Signature ${index} is not a signature of 65 bytes.`, {
      details: { index },
      cause,
    });
  }
}

async function signAll(signers: readonly Signer[], data: TypedData): Promise<readonly string[]> {
  const signatures = signers.map((signer) => signer.signTypedData(data.domain, data.types, data.value));
  return sortSignatures(data, await Promise.all(signatures));
}

const domainOf = ({ chainId, oracle }: OracleDomain): TypedDataDomain => ({
  name: 'zk-solvency RiskOracle',
  version: '1',
  chainId,
  verifyingContract: getAddress(oracle),
});

type Rule = readonly [boolean, string];

const fits = (value: bigint, bits: bigint): boolean => value >= 0n && value >> bits === 0n;
const isRoot = (root: bigint): boolean => root > 0n && root < FIELD_ORDER;
const isId = (id: number): boolean => Number.isInteger(id) && id > 0 && id < 2 ** 32;

const domainRules = ({ chainId, oracle }: OracleDomain): readonly Rule[] => [
  [chainId > 0n, 'the chain id must be from 1'],
  [isAddress(oracle), 'the oracle must be an address'],
];

function check(rules: readonly Rule[]): void {
  const broken = rules.find(([holds]) => !holds);
  if (broken === undefined) return;
  throw new SolvencyError('INVALID_INPUT', `There is nothing that could be signed for the risk oracle: ${broken[1]}.`);
}
