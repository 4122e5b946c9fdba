import { z } from 'zod';
import { REASONS, type Reason } from '../../src/attestation/reasons.js';

export const CORPUS = new URL('../../conformance/', import.meta.url);

export const BASES = ['opened', 'covered', 'covered-with-loans'] as const;
export type Base = (typeof BASES)[number];

const common = {
  /** what the forger does, or what has to be accepted */
  title: z.string(),
  /** the bundle that the case changes, a folder of bases/ */
  base: z.enum(BASES),
  /** paths in the bundle that the case lacks; what its own folder `bundle/` holds replaces or adds */
  deleted: z.array(z.string()),
  expect: z.enum(['accept', 'reject']),
  /** the reason of a refusal */
  reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]).nullable(),
};

const bundleCase = z.strictObject({
  kind: z.literal('bundle'),
  ...common,
  /** who can make this bundle: the venue signs what it likes, anybody else only changes files */
  forger: z.enum(['nobody', 'venue', 'anybody']),
  /** relative to the corpus */
  policy: z.string(),
  /** the verifier's own, by chain id */
  blockHashes: z.record(z.string(), z.string()),
  /** of an accepted bundle */
  verdict: z.enum(['covered', 'covered with loans']).nullable(),
});

const inclusionCase = z.strictObject({
  kind: z.literal('inclusion'),
  ...common,
  /** the inclusion file, relative to the corpus */
  file: z.string(),
  /** what the user is known by */
  identifier: z.string(),
});

/** case.json of a case. */
export const caseSchema = z.discriminatedUnion('kind', [bundleCase, inclusionCase]);
export type ConformanceCase = z.infer<typeof caseSchema>;
