import { MANIFEST_PATH } from '../../src/attestation/attestation.js';
import type { Reason } from '../../src/attestation/reasons.js';
import type { Verdict } from '../../src/attestation/verifyBundle.js';
import {
  type LiabilitiesProof,
  parseLiabilitiesProof,
  serializeLiabilitiesProof,
} from '../../src/formats/liabilitiesProof.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import type { Policy } from '../../src/reserves/policy.js';
import type { ClosedChain, ProvenChain } from './book.js';
import type { Base } from './caseFile.js';
import { type BundleTexts, copyOf, type Draft, seal } from './draft.js';
import type { CorpusReserves } from './reserves.js';

/** What cases are made of: proven once, changed by each of them. */
export interface Workshop {
  readonly bases: Readonly<Record<Base, Draft>>;
  readonly reserves: CorpusReserves;
  readonly chains: {
    readonly honest: ProvenChain;
    /** claims, before it is proven, what is not the sum over the accounts */
    readonly falseTotals: ProvenChain;
    /** without the venue's positions */
    readonly unbalanced: ProvenChain;
    /** a customer filed among the venue's own */
    readonly insiders: ProvenChain;
    /** begins with a negative total */
    readonly negativeStart: ProvenChain;
  };
  /** closing proofs of the false chains, each honest about what is false */
  readonly openings: Readonly<Record<'falseTotals' | 'unbalanced' | 'insiders' | 'negativeStart', LiabilitiesProof>>;
  /** proven against reserves that are not there: in one asset, and in value */
  readonly ofAir: { readonly asset: ClosedChain; readonly value: ClosedChain };
}

/** A case before it is written: the whole bundle, of which the corpus keeps what differs from the base. */
export type CaseSpec = BundleSpec | InclusionSpec;

interface CommonSpec {
  readonly name: string;
  readonly title: string;
  readonly base: Base;
  /** the bundle; the base's unless told */
  readonly bundle?: BundleTexts;
  /** undefined: accepted */
  readonly reason: Reason | undefined;
}

export interface BundleSpec extends CommonSpec {
  readonly kind: 'bundle';
  readonly forger: 'nobody' | 'venue' | 'anybody';
  readonly policy?: Policy;
  readonly blockHashes?: Readonly<Record<string, string>>;
  readonly verdict?: Verdict;
}

export interface InclusionSpec extends CommonSpec {
  readonly kind: 'inclusion';
  readonly identifier: string;
  readonly file: string;
}

/** A bundle that the venue forges: a draft is changed, every hash made anew, the manifest signed. */
export const forgery = async (
  { bases }: Workshop,
  [name, reason, title]: readonly [name: string, reason: Reason, title: string],
  change: (draft: Draft) => void,
  base: Base = 'opened',
): Promise<BundleSpec> => {
  const draft = copyOf(bases[base]);
  change(draft);
  return { kind: 'bundle', name, title, base, forger: 'venue', reason, bundle: await seal(draft) };
};

/** A bundle that anybody may change who hands it on: hashes and signature stay. */
export const tampering = async (
  { bases }: Workshop,
  [name, reason, title]: readonly [name: string, reason: Reason, title: string],
  change: (files: Map<string, string>) => void,
  base: Base = 'opened',
): Promise<BundleSpec> => {
  const files = new Map(await seal(bases[base]));
  change(files);
  return { kind: 'bundle', name, title, base, forger: 'anybody', reason, bundle: files };
};

/** Changes a file as plain JSON, also to what no writer of ours would write. */
// biome-ignore lint/suspicious/noExplicitAny: forgers write what they like
export function editJson(files: Map<string, string>, path: string, change: (json: any) => void): void {
  const json = JSON.parse(files.get(path) as string);
  change(json);
  files.set(path, `${JSON.stringify(json, null, 2)}\n`);
}

export const editManifest = (files: Map<string, string>, change: Parameters<typeof editJson>[2]): void =>
  editJson(files, MANIFEST_PATH, change);

/** A proof file in a forger's hands. */
export interface EditableProof {
  circuit: string;
  keyHash: string;
  publicSignals: bigint[];
  proof: ProofPoints;
}

/** Changes a proof file. */
export function editProof(draft: Draft, path: string, change: (proof: EditableProof) => void): void {
  const parsed = parseLiabilitiesProof(draft.files.get(path) as string, path);
  const proof = { ...parsed, publicSignals: [...parsed.publicSignals] };
  change(proof);
  draft.files.set(path, serializeLiabilitiesProof(proof));
}

/** The path of the proof of a batch. */
export const proofOf = ({ attestation }: Draft, batch: number): string =>
  attestation.batches[batch]?.proof.path as string;
