import { z } from 'zod';
import { circuitName, sha256Text, wholeNumber } from '../formats/fields.js';
import { fileSchema, readFormat, writeFormat } from '../formats/readFormat.js';

const FORMAT = 'manifest';

/** How the key came about, in words that nobody can take for a ceremony. */
export const DEVELOPMENT_SETUP = 'development, insecure';

// a name in the manifest's own folder, never a path
const file = z.strictObject({
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a file'),
  sha256: sha256Text,
});
const version = z.string().regex(/^[0-9A-Za-z.+-]{1,40}$/, 'must be a version');

/** What a folder of artifacts holds and where it came from: `zk-solvency/manifest`. */
export const manifestSchema = fileSchema(FORMAT, {
  circuit: circuitName,
  setup: z.literal(DEVELOPMENT_SETUP),
  /** of everything that the artifacts are made of: sources, parameters, tools */
  sourceHash: sha256Text,
  constraints: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  publicSignals: z.array(z.string().regex(/^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/, 'must be the name of a signal')),
  files: z.strictObject({ r1cs: file, wasm: file, sym: file, zkey: file, verificationKey: file }),
  /** the verification key's name: see keyHash */
  keyHash: sha256Text,
  versions: z.strictObject({ circom2: version, snarkjs: version }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Reads a manifest; `where` names the file for errors. Errors: readFormat's. */
export const parseManifest = (text: string, where: string): Manifest =>
  readFormat(manifestSchema, text, { name: FORMAT, where });

export const serializeManifest = ({ format: _format, version: _version, ...fields }: Manifest): string =>
  writeFormat(FORMAT, fields);
