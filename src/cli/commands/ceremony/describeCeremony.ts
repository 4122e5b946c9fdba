import type { Ceremony, PowersOfTau } from '../../../ceremony/transcript.js';

/** What outsiders compare: circuit, phase 1, every contribution's hash, the beacon, the key. */
export function describeCeremony(ceremony: Ceremony): readonly string[] {
  const { circuit, r1cs, powersOfTau, circuitHash, initialKey, contributions, beacon } = ceremony;
  return [
    `circuit         ${circuit}, ${r1cs.constraints} constraints`,
    `r1cs            ${r1cs.sha256}`,
    `phase 1         ${phaseOne(powersOfTau)}`,
    ...hashLines(powersOfTau.blake2b512),
    'circuit hash',
    ...hashLines(circuitHash),
    `first key       ${initialKey}`,
    ...contributions.flatMap(({ index, name, hash, after }) => [
      `contribution ${index}  ${name}`,
      ...hashLines(hash),
      `  key ${after}`,
    ]),
    ...(beacon === null
      ? ['beacon          none yet']
      : [
          `beacon          ${beacon.source}, hashed 2^${beacon.iterationsExponent} times`,
          `  value ${beacon.value}`,
          ...hashLines(beacon.hash),
          `  key ${beacon.after}`,
          `key hash        ${beacon.keyHash}`,
        ]),
  ];
}

const phaseOne = ({ origin, name, power }: PowersOfTau): string =>
  origin === 'published'
    ? `${name}, published, up to 2^${power}`
    : `${name}, OF ITS OWN, up to 2^${power}: as good as those who made it`;

/** 128 digits in two lines, as contributors publish them. */
export const hashLines = (hash: string): readonly string[] => [`  ${hash.slice(0, 64)}`, `  ${hash.slice(64)}`];
