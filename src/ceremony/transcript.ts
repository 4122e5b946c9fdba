import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { nameText as anyName, circuitName, sha256Text, wholeNumber } from '../formats/fields.js';
import { fileSchema, readFormat, writeFormat } from '../formats/readFormat.js';
import { publishedPowersOfTau } from './publishedPowersOfTau.js';

const FORMAT = 'ceremony';

/** More than any ceremony of a circuit has had. */
export const MAX_CONTRIBUTIONS = 10_000;

/** A name in the key file. The library cuts one after so many code units. */
export const nameText = anyName.refine((name) => name.length <= 64, 'must be a name of at most 64 code units');

/** The library takes 10 to 63; 2^32 hashes take hours, and so does every verification. */
const ITERATIONS = { least: 10, most: 32 };

const blake2bText = z
  .string()
  .regex(/^[0-9a-f]{128}$/, 'must be a BLAKE2b-512 hash: 128 hexadecimal digits in lower case');

/** Where a phase 1 comes from: published, under a hash that this software pins, or named by who ran the ceremony. */
export const powersOfTauSchema = z.strictObject({
  origin: z.enum(['published', 'own'], 'must be "published" or "own"'),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a file'),
  power: wholeNumber(1, 28),
  blake2b512: blake2bText,
});

export const beaconFields = {
  /** which public event the value is of, so that anybody finds it */
  source: nameText,
  value: z.string().regex(/^([0-9a-f]{2}){16,255}$/, 'must be 16 to 255 bytes in lower case hexadecimal'),
  /** the value is hashed 2^this times */
  iterationsExponent: wholeNumber(ITERATIONS.least, ITERATIONS.most),
};

const step = {
  index: wholeNumber(1, MAX_CONTRIBUTIONS),
  /** BLAKE2b-512 of what the step added to the key: what its contributor publishes */
  hash: blake2bText,
  /** SHA-256 of the key files */
  before: sha256Text,
  after: sha256Text,
};

/** The record of a ceremony: `zk-solvency/ceremony`. */
export const ceremonySchema = fileSchema(FORMAT, {
  circuit: circuitName,
  r1cs: z.strictObject({ sha256: sha256Text, constraints: wholeNumber(1, Number.MAX_SAFE_INTEGER) }),
  powersOfTau: powersOfTauSchema,
  /** the library's hash of the circuit under this phase 1, which every contribution is bound to */
  circuitHash: blake2bText,
  /** SHA-256 of the key without contribution, which anybody can make again */
  initialKey: sha256Text,
  contributions: z.array(z.strictObject({ ...step, name: nameText })).max(MAX_CONTRIBUTIONS),
  /** the last step; null while there is none */
  beacon: z
    .strictObject({
      ...step,
      ...beaconFields,
      /** the finished verification key's name: see keyHash */
      keyHash: sha256Text,
    })
    .nullable(),
});

export type Ceremony = Omit<z.infer<typeof ceremonySchema>, 'format' | 'version'>;
export type CeremonyBeacon = NonNullable<Ceremony['beacon']>;
export type PowersOfTau = z.infer<typeof powersOfTauSchema>;

/**
 * Reads `zk-solvency/ceremony` and checks what can be checked without a key: each step begins with the key that the step
 * before ended with, in order. Errors: readFormat's, INSECURE_KEY where the record does not chain.
 */
export function parseCeremony(text: string, where: string): Ceremony {
  const { format: _format, version: _version, ...ceremony } = readFormat(ceremonySchema, text, { name: FORMAT, where });
  requireChain(ceremony);
  return ceremony;
}

export const serializeCeremony = (ceremony: Ceremony): string => writeFormat(FORMAT, ceremony);

/** All steps in their order, the beacon last. */
export const stepsOf = ({ contributions, beacon }: Ceremony) =>
  beacon === null ? contributions : [...contributions, beacon];

/** SHA-256 of the newest key. */
export const newestKey = (ceremony: Ceremony): string => stepsOf(ceremony).at(-1)?.after ?? ceremony.initialKey;

/** INSECURE_KEY: what the ceremony made is not to be relied on. */
export const notSound = (why: string): SolvencyError =>
  new SolvencyError('INSECURE_KEY', `The ceremony does not hold: ${why}. Do not use this key.`);

function requireChain(ceremony: Ceremony): void {
  const { powersOfTau } = ceremony;
  const published = publishedPowersOfTau(powersOfTau.blake2b512);
  const origin = published === undefined ? 'own' : 'published';
  if (origin !== powersOfTau.origin || (published ?? powersOfTau).power !== powersOfTau.power) {
    throw notSound('its transcript is wrong about where the phase 1 comes from');
  }
  let key = ceremony.initialKey;
  for (const [position, { index, before, after }] of stepsOf(ceremony).entries()) {
    if (index !== position + 1) throw notSound(`step ${position + 1} of its transcript has the number ${index}`);
    if (before !== key)
      throw notSound(`step ${index} of its transcript begins with another key than the one before it`);
    if (after === before) throw notSound(`step ${index} of its transcript changed nothing`);
    key = after;
  }
}
