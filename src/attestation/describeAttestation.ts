import type { BookSide } from '../liabilities/bookTotals.js';
import { formatAmount } from '../numbers/decimal.js';
import { formatFixed, rational } from '../numbers/rational.js';
import { VALUE_DECIMALS } from '../protocol/constants.js';
import type { Coverage } from '../reserves/compareReserves.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';
import type { VerifiedAttestation } from './verifyBundle.js';

/** What a bundle shows, in words for a person: also what it does not show. */
export function describeAttestation(
  result: VerifiedAttestation,
  knownKeys: KnownKeys = { developmentKeys: [], ceremonyKeys: [] },
): readonly string[] {
  const { attestation, registry, comparison } = result;
  return [
    verdictLine(result),
    '',
    ...claimLines(result),
    `  attestation     ${result.id}, made with ${attestation.software}`,
    `  account root    ${attestation.accountRoot}`,
    `  time            ${when(result.time)}, prices of ${when(result.snapshotTime)}`,
    ...result.reserves.blocks.map(
      ({ chainId, number, hash, timestamp }) =>
        `  block           ${number} of chain ${chainId} (${hash}), ${when(timestamp)}`,
    ),
    `  customers       ${attestation.accounts} accounts, in ${attestation.batches.length} proofs with those of the venue`,
    '',
    ...assetLines(result),
    valueLine(result),
    ...(result.totals === null ? [] : totalsLines(result.totals.customers, registry)),
    ...loanLines(result),
    ...(result.totals === null ? [] : openInterestLines(result)),
    '',
    ...[
      ...result.reserves.labels,
      ...comparison.assets.flatMap(({ asset, haircut }) =>
        haircut.reason === 'issued by the venue'
          ? [`${asset} is issued by the venue: what it holds of it counts zero`]
          : [],
      ),
      ...comparison.assets.flatMap(({ asset, mark }) =>
        mark === 'unpinned' ? [`the price of ${asset} is the venue's own: the policy has none`] : [],
      ),
      ...keyNotes(result, knownKeys),
    ].map((label) => `  note: ${label}`),
    ...NOT_SHOWN.map((what) => `  not shown: ${what}`),
  ];
}

/** Circuits whose key the verifier's own artifacts know, by how it was made. */
export interface KnownKeys {
  readonly developmentKeys: readonly string[];
  readonly ceremonyKeys: readonly string[];
}

function keyNotes({ keys }: VerifiedAttestation, { developmentKeys, ceremonyKeys }: KnownKeys): readonly string[] {
  const development = developmentKeys.join(', ');
  if (development !== '') {
    return [`DEVELOPMENT KEYS (${development}): whoever made them can forge proofs. Do not rely on this`];
  }
  const ceremony = `keys of a ceremony that your artifacts hold: ${ceremonyKeys.join(', ')}`;
  if (ceremonyKeys.length === keys.length) return [ceremony];
  return [
    ...(ceremonyKeys.length === 0 ? [] : [ceremony]),
    'how the verification keys were made is for you to know: a development key would let its maker forge proofs',
  ];
}

const NOT_SHOWN = [
  'accounts that the venue left out altogether: only users who look for their own find that (check-inclusion)',
  'whether reserves were borrowed for the moment of the block, or are owed elsewhere',
  'debts of the venue outside of this book; its own accounts count on neither side',
  'whether marks of instruments and margin rates are fair: they decide profits, and which debts are called loans',
];

function verdictLine({ attestation: { venue, claim }, verdict }: VerifiedAttestation): string {
  if (verdict === 'not covered')
    return `VERIFIED, AND NOT COVERED: the totals of ${venue} are true, and its reserves do not cover them.`;
  const loans = verdict === 'covered with loans' ? ', if those who borrowed pay back' : '';
  const totals = claim === 'opened' ? 'all totals are shown' : 'the totals stay hidden';
  return `Verified: the reserves of ${venue} cover what its customers are owed${loans} (${totals}).`;
}

function claimLines({ attestation: { claim }, riskClaim }: VerifiedAttestation): readonly string[] {
  const loans = `Debts of accounts with standing (${riskClaim} margin) are taken off what is owed; all others are not.`;
  switch (claim) {
    case 'opened':
      return [
        'Claim "opened": the totals below are the sums over every account of the tree, no deficit set against another.',
      ];
    case 'covered':
      return [
        'Claim "covered": in each asset and in value, reserves are at least all that is owed. Nothing is taken off.',
      ];
    case 'covered with loans':
      return [`Claim "covered with loans": in each asset and in value, reserves are at least what is owed. ${loans}`];
  }
}

function assetLines({ totals, comparison, registry }: VerifiedAttestation): readonly string[] {
  return comparison.assets.map(({ assetId, asset, reserves, value, strict, withLoans }) => {
    const entry = registry.entries.find(({ id }) => id === assetId) as RegistryEntry;
    const held = `${asset.padEnd(8)} held ${formatAmount(reserves, entry.amountDecimals)}, worth ${quote(value)}`;
    if (totals === null) return `  ${held}; the proof took ${quote(strict.required)}`;
    const lent =
      withLoans.required === strict.required ? '' : `, less loans ${quote(withLoans.required)}: ${percent(withLoans)}`;
    return `  ${held}; owed ${quote(strict.required)}: ${percent(strict)}${lent}`;
  });
}

function valueLine({ totals, comparison: { value, assets }, registry }: VerifiedAttestation): string {
  const cuts = assets.map(({ asset, haircut }) => `${asset} ${formatAmount(haircut.ppm, 4)}%`).join(', ');
  const held = `  in value, at ${cuts}`;
  if (totals === null) return `${held}: the proof took ${quote(value.required)} ${registry.quote}`;
  return `${held}: owed ${quote(value.required)} ${registry.quote}, ${percent(value)}`;
}

function totalsLines({ accounts, standing, deficits }: BookSide, { quote: unit }: Registry): readonly string[] {
  return [
    `  ${standing} of ${accounts} accounts have standing; deficits ${quote(deficits)} ${unit}, which no other account's money pays for`,
  ];
}

function loanLines({ totals, attestation: { loans }, registry }: VerifiedAttestation): readonly string[] {
  const lent =
    totals === null
      ? [...(loans?.subtracted.values() ?? [])]
      : [...totals.customers.assets.values()].map(({ goodNegative }) => goodNegative);
  const sum = lent.reduce((all, value) => all + value, 0n);
  const largest = totals?.largestDebtor ?? loans?.largestDebtor ?? 0n;
  if (sum === 0n) return [];
  const share = formatFixed(rational(100n * largest, sum), 2);
  return [
    `  loans to accounts with standing ${quote(sum)} ${registry.quote}; one account owes at most ${quote(largest)} of it (${share}%)`,
  ];
}

function openInterestLines({ totals, registry }: VerifiedAttestation): readonly string[] {
  const ids = [
    ...new Set([...(totals?.customers.instruments.keys() ?? []), ...(totals?.venue.instruments.keys() ?? [])]),
  ];
  if (ids.length === 0) return [];
  return [
    '  every long has its short, so that profits and losses add up to the same at any mark:',
    ...ids
      .sort((a, b) => a - b)
      .map((id) => {
        const { symbol, amountDecimals } = registry.entries.find((entry) => entry.id === id) as RegistryEntry;
        const side = (name: 'customers' | 'venue', of: 'long' | 'short'): string =>
          formatAmount(totals?.[name].instruments.get(id)?.[of] ?? 0n, amountDecimals);
        return `  ${symbol} balances: customers long ${side('customers', 'long')}, short ${side('customers', 'short')}; venue long ${side('venue', 'long')}, short ${side('venue', 'short')}`;
      }),
  ];
}

const quote = (value: bigint): string => formatFixed(rational(value, 10n ** BigInt(VALUE_DECIMALS)), 2);
const when = (seconds: number): string => new Date(seconds * 1000).toISOString();
const percent = ({ covered, coveragePpm }: Coverage): string =>
  coveragePpm === null ? 'nothing owed' : `${formatAmount(coveragePpm, 4)}%${covered ? '' : ' NOT covered'}`;
