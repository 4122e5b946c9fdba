import { formatAmount } from '../numbers/decimal.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { ExplainedSubject, Explanation } from '../snapshot/explain/explainSnapshot.js';
import { type Figure, figureText, figureValue, isQuantity } from '../snapshot/explain/figure.js';
import { MAX_AMOUNT } from '../snapshot/rows.js';
import type { Report } from './output.js';

/** Lines of a list that a screen shows; the rest is counted, and `--json` has all of it. */
const SHOWN = 20;

/**
 * A snapshot in words. The lines of a `whole` one tell the model and the assets in full and list the rest; JSON always has
 * every figure.
 */
export function describeExplanation(
  table: RiskTable,
  explanation: Explanation,
  { whole }: { readonly whole: boolean },
): Report {
  const { registry, model, time } = table.snapshot;
  const { rule, hashes, subjects, roundings, provenance } = explanation;
  const counts = (['asset', 'perpetual', 'future', 'option'] as const)
    .map((kind) => ({ kind, count: registry.entries.filter((entry) => entry.kind === kind).length }))
    .filter(({ count }) => count > 0);
  const inFull = ({ kind }: ExplainedSubject) => !whole || kind === 'model' || kind === 'asset';
  const listed = subjects.filter((subject) => !inFull(subject));
  return {
    json: {
      registry: { venue: registry.venue, version: registry.version, quote: registry.quote, entries: counts },
      time,
      claim: model.claim,
      rule,
      hashes,
      subjects: subjects.map((subject) => jsonSubject(subject, table)),
      roundings,
      provenance,
    },
    lines: [
      `${registry.venue}, registry version ${registry.version}: ${counts.map(({ kind, count }) => `${count} of kind ${kind}`).join(', ')}; everything is counted in ${registry.quote}`,
      `claim ${model.claim}, ${new Date(time * 1000).toISOString()}`,
      '',
      ...rule,
      ...subjects.filter(inFull).flatMap((subject) => ['', ...fullLines(subject, registry.quote)]),
      ...(listed.length === 0
        ? []
        : ['', ...cut(listed.map(shortLine), 'more; name one with --instrument for its figures')]),
      '',
      ...(roundings.length === 0
        ? ['nothing was rounded']
        : cut(
            roundings.map(({ where, exact, used, reason }) => `rounded: ${where}: ${exact} -> ${used}, ${reason}`),
            'more roundings; --json lists them',
          )),
      ...(provenance.length === 0
        ? ['the file does not say what its figures were computed from']
        : cut(
            provenance.map(({ where, from }) => `from: ${where}: ${from}`),
            'more sources; --json lists them',
          )),
      '',
      ...hashes.map(({ name, value, binds }) => `${name} ${value}\n  ${binds}`),
    ],
  };
}

/** Lists of names may be long: JSON has them whole. */
const LONGEST = 200;
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);

const figureLine = (figure: Figure): string => `  ${figure.name} = ${shortened(figureText(figure))}: ${figure.meaning}`;

function fullLines(subject: ExplainedSubject, quote: string): readonly string[] {
  const { kind, name, entry, figures, notes, rows } = subject;
  const listing =
    entry === undefined
      ? ''
      : `: id ${entry.id}, ${entry.kind}, amounts with ${entry.amountDecimals} decimals${entry.settleAsset === undefined ? '' : `, settles in the asset with id ${entry.settleAsset}`}`;
  return [
    `${kind} ${name}${listing}`,
    ...figures.map(figureLine),
    ...notes.map((note) => `  in words: ${note}`),
    ...rows.map((row) => `  ${rowText(subject, row)}`),
    ...(entry?.symbol === quote ? ['  the quote unit itself: every other price is counted in it'] : []),
  ];
}

function rowText({ entry }: ExplainedSubject, row: ExplainedSubject['rows'][number]): string {
  const units = (size: bigint) => formatAmount(size, entry?.amountDecimals ?? 0);
  const sizes =
    row.sizeFloor === 0n && row.sizeCap === MAX_AMOUNT
      ? 'every size'
      : `sizes from ${units(row.sizeFloor)} to ${row.sizeCap === MAX_AMOUNT ? 'the largest' : units(row.sizeCap)}`;
  return `row ${row.place} of the table (tier ${row.tier}) holds for ${sizes}: ${row.hash}`;
}

function shortLine({ kind, name, figures, rows }: ExplainedSubject): string {
  const first = figures.find(isQuantity);
  // the mark of an instrument; no figure of an expiry or underlying stands for it
  const value = kind !== 'instrument' || first === undefined ? '' : `, ${first.name} ${figureText(first)}`;
  const [from, to] = [rows[0]?.place, rows.at(-1)?.place];
  const places = from === undefined ? '' : from === to ? `, row ${from}` : `, rows ${from} to ${to}`;
  return `${kind} ${name}${value}, ${figures.length} figures${places}`;
}

const cut = (lines: readonly string[], rest: string): readonly string[] =>
  lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} ${rest}`];

function jsonSubject(subject: ExplainedSubject, { snapshot }: RiskTable): object {
  const { kind, name, entry, figures, notes, rows, within } = subject;
  const settle = snapshot.registry.entries.find(({ id }) => id === entry?.settleAsset)?.symbol;
  return {
    kind,
    name,
    ...(entry === undefined
      ? {}
      : {
          entry: {
            id: entry.id,
            kind: entry.kind,
            amountDecimals: entry.amountDecimals,
            ...(settle === undefined ? {} : { settleAsset: settle }),
          },
        }),
    within,
    figures: figures.map((figure) => ({
      name: figure.name,
      value: figureValue(figure),
      ...(isQuantity(figure) ? { unit: figure.unit } : {}),
      meaning: figure.meaning,
    })),
    notes,
    rows,
  };
}
