import { formatAmount } from '../../numbers/decimal.js';
import { RATE_DECIMALS, RATE_SCALE, VALUE_DECIMALS } from '../../protocol/constants.js';
import { completeLadder } from '../rows.js';
import type { AssetParameters, HaircutStep, LadderRule } from '../snapshot.js';
import { bound, type Figure } from './figure.js';
import { factor } from './units.js';

/** A rate or factor as a percentage, exact. */
export const percent = (rate: bigint): string => `${formatAmount(rate * 100n, RATE_DECIMALS)}%`;

const EVERYWHERE = 'of any size';

/** "above 100 up to 500 USD", "above 500 USD": where a step of a ladder holds. */
export function span(below: bigint | null | undefined, cap: bigint | null, decimals: number, unit: string): string {
  const from = below === undefined || below === null ? undefined : formatAmount(below, decimals);
  const to = cap === null ? undefined : formatAmount(cap, decimals);
  if (from === undefined) return to === undefined ? EVERYWHERE : `up to ${to} ${unit}`;
  return to === undefined ? `above ${from} ${unit}` : `above ${from} up to ${to} ${unit}`;
}

/** The steps of a haircut ladder as figures. */
export const ladderFigures = (ladder: readonly HaircutStep[], quote: string): readonly Figure[] =>
  ladder.flatMap((step, index) => [
    bound(
      `ladder[${index}].valueCap`,
      step.valueCap,
      VALUE_DECIMALS,
      quote,
      'value of the balance up to which the step goes',
    ),
    factor(`ladder[${index}].factor`, step.factor, RATE_DECIMALS, 'part of the value that counts in weighted equity'),
  ]);

/** What a factor counts, and the haircut that it is; below zero an asset asks for more than it is worth. */
const countedText = (part: bigint): string => {
  if (part === RATE_SCALE) return 'in full';
  if (part === 0n) return 'nothing';
  return `${percent(part)}, a haircut of ${percent(RATE_SCALE - part)}`;
};

/** Each haircut step as a sentence, the one that the table adds beyond a last cap included. */
export function haircutSentences(
  { ladder }: Pick<AssetParameters, 'ladder'>,
  rule: LadderRule,
  quote: string,
): readonly string[] {
  const steps = completeLadder(ladder);
  return [
    ...steps.map(({ valueCap, factor: part }, index) => {
      const where = span(steps[index - 1]?.valueCap, valueCap, VALUE_DECIMALS, quote);
      const what = where === EVERYWHERE ? 'its value' : rule === 'marginal' ? 'the part of its value' : 'a value';
      return `${what} ${where} counts ${countedText(part)}`;
    }),
    'a debt counts in full',
  ];
}
