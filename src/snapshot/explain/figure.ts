import { formatAmount } from '../../numbers/decimal.js';

/** A public figure: exactly `amount` x 10^-decimals of its unit. */
export interface Quantity {
  /** as the snapshot's file calls it: `mark`, `tiers[2].rate` */
  readonly name: string;
  readonly meaning: string;
  readonly amount: bigint;
  readonly decimals: number;
  /** what the number is followed by: `USD per unit`, `of the notional` */
  readonly unit: string;
}

/** A rule or a reference that is no number. */
export interface Rule {
  readonly name: string;
  readonly meaning: string;
  readonly text: string;
}

export type Figure = Quantity | Rule;

export const isQuantity = (figure: Figure): figure is Quantity => 'amount' in figure;

/** A quantity; where the unit is finer than the figure (negative decimals) the figure is brought to whole units. */
export const quantity = (name: string, amount: bigint, decimals: number, unit: string, meaning: string): Quantity =>
  decimals < 0
    ? { name, meaning, amount: amount * 10n ** BigInt(-decimals), decimals: 0, unit }
    : { name, meaning, amount, decimals, unit };

/** An upper bound, or that there is none. */
export const bound = (name: string, amount: bigint | null, decimals: number, unit: string, meaning: string): Figure =>
  amount === null ? { name, meaning, text: 'no bound' } : quantity(name, amount, decimals, unit, meaning);

/** The exact figure, as the snapshot's file has it. */
export const figureValue = (figure: Figure): string =>
  isQuantity(figure) ? formatAmount(figure.amount, figure.decimals) : figure.text;

/** The same with its unit. */
export const figureText = (figure: Figure): string =>
  isQuantity(figure) ? `${figureValue(figure)} ${figure.unit}` : figure.text;
