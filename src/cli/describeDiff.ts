import { formatFixed, multiply, type Rational, rational, subtract } from '../numbers/rational.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { AccountDiff, Standing } from '../snapshot/diff/diffAccount.js';
import type { FigureChange, SnapshotDiff } from '../snapshot/diff/diffSnapshots.js';
import type { Report } from './output.js';

/** Changes of one kind of thing that a screen shows; the rest is counted, and `--json` has all of it. */
const SHOWN = 12;

/** What changed between two snapshots, the largest changes of each kind first. */
export function describeDiff(diff: SnapshotDiff, before: RiskTable, after: RiskTable): Report {
  const { same, hashes, seconds, registry, added, removed, changes, rows } = diff;
  const { broken, versions } = registry;
  return {
    json: {
      same,
      before: { riskRoot: before.riskRoot, time: before.snapshot.time, claim: before.snapshot.model.claim },
      after: { riskRoot: after.riskRoot, time: after.snapshot.time, claim: after.snapshot.model.claim },
      hashes,
      registry: { versions, added: registry.added, broken },
      added,
      removed,
      rows: { before: rows[0], after: rows[1] },
      changes: changes.map(({ relative, ...change }) => ({
        ...change,
        relative: relative === null ? null : formatFixed(relative, 8),
      })),
    },
    lines: same
      ? [`the roots are equal, ${before.riskRoot}: both snapshots have the same figures at the same time`]
      : [
          `before: ${before.riskRoot}, ${date(before)}`,
          `after:  ${after.riskRoot}, ${date(after)}, ${seconds} s later`,
          `of what the root binds, these are others: ${hashes.join(', ')}`,
          ...(versions[0] === versions[1] ? [] : [`registry: version ${versions[0]} -> ${versions[1]}`]),
          ...registry.added.map(({ symbol, kind, id }) => `registry: ${kind} ${symbol} added under id ${id}`),
          ...broken.map(
            ({ symbol, id }) =>
              `registry: the entry ${symbol} with id ${id} is another or gone, and a registry only grows: do not trust this file`,
          ),
          ...(rows[0] === rows[1] ? [] : [`table: ${rows[0]} rows -> ${rows[1]} rows`]),
          ...cut(
            added.map(({ kind, name }) => `${kind} ${name}: added`),
            'more were added',
          ),
          ...cut(
            removed.map(({ kind, name }) => `${kind} ${name}: removed`),
            'more were removed',
          ),
          ...(['model', 'asset', 'underlying', 'expiry', 'instrument'] as const).flatMap((kind) => {
            const of = changes.filter((change) => change.kind === kind);
            return cut(of.map(changeLine), `smaller changes of figures of kind ${kind}`);
          }),
        ],
  };
}

const date = ({ snapshot }: RiskTable): string => new Date(snapshot.time * 1000).toISOString();

const cut = (lines: readonly string[], rest: string): readonly string[] =>
  lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} ${rest}`];

/** Lists of names may be long: JSON has them whole. */
const LONGEST = 120;
const shortened = (text: string | null): string =>
  text !== null && text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : (text ?? 'none');

function changeLine({ kind, of, figure, unit, before, after, relative }: FigureChange): string {
  const change = relative === null ? '' : ` (${percent(relative)})`;
  return `${kind} ${of}: ${figure} ${shortened(before)} -> ${shortened(after)}${unit === '' ? '' : ` ${unit}`}${change}`;
}

const signed = (text: string): string => (text.startsWith('-') ? text : `+${text}`);
const percent = (ratio: Rational): string => `${signed(formatFixed(multiply(ratio, rational(100n)), 4))}%`;

/** The same for an account: only on its owner's screen. */
export function describeAccountDiff(diff: AccountDiff, unit: string): Report {
  const quote = (value: Rational): string => formatFixed(value, 8);
  const standing = ({ equity, weightedEquity, requirement, ratio }: Standing) => ({
    equity: quote(equity),
    weightedEquity: quote(weightedEquity),
    requirement: quote(requirement),
    ratio: ratio === null ? null : formatFixed(ratio, 6),
  });
  const [before, after] = [standing(diff.before), standing(diff.after)];
  const line = (name: string, of: 'equity' | 'weightedEquity' | 'requirement') =>
    `${name} ${before[of]} -> ${after[of]} ${unit} (${signed(quote(subtract(diff.after[of], diff.before[of])))})`;
  const contributions = diff.contributions.map(
    ({ symbol, equity, weightedEquity, requirementFromMark, requirementFromRates }) => ({
      symbol,
      equity: quote(equity),
      weightedEquity: quote(weightedEquity),
      requirementFromMark: quote(requirementFromMark),
      requirementFromRates: quote(requirementFromRates),
    }),
  );
  return {
    json: {
      account: {
        before,
        after,
        contributions,
        netting: quote(diff.netting),
        weightedRest: quote(diff.weightedRest),
      },
    },
    lines: [
      'your account, on your screen only:',
      line('equity         ', 'equity'),
      line('after haircuts ', 'weightedEquity'),
      line('requirement    ', 'requirement'),
      `ratio           ${before.ratio ?? 'nothing required'} -> ${after.ratio ?? 'nothing required'}`,
      ...contributions.map(
        (each) =>
          `${each.symbol}: equity ${signed(each.equity)} (after haircuts ${signed(each.weightedEquity)}), requirement ${signed(each.requirementFromMark)} from the mark and ${signed(each.requirementFromRates)} from rates and charges`,
      ),
      `netting between them: requirement ${signed(quote(diff.netting))}`,
      ...(diff.weightedRest.num === 0n
        ? []
        : [`rounded once for the account: after haircuts ${signed(quote(diff.weightedRest))}`]),
    ],
  };
}
