import type { Holdings } from '../../account/account.js';

/** What accounts hold of one asset (own, owe) or instrument (hold long, hold short), and what positions cost. */
export interface Sums {
  readonly positive: bigint;
  readonly negative: bigint;
  /** signed; 0 for an asset */
  readonly cost: bigint;
}

const NOTHING: Sums = { positive: 0n, negative: 0n, cost: 0n };

/** Adds up holdings by id; assets and instruments share the ids of a registry. */
export class BookSums {
  readonly #byId = new Map<number, Sums>();

  add({ collateral, positions }: Holdings): void {
    for (const { assetId, amount } of collateral) this.#addTo(assetId, amount, 0n);
    for (const { instrumentId, size, cost } of positions) this.#addTo(instrumentId, size, cost);
  }

  get(id: number): Sums {
    return this.#byId.get(id) ?? NOTHING;
  }

  #addTo(id: number, amount: bigint, cost: bigint): void {
    const sums = this.get(id);
    this.#byId.set(id, {
      positive: amount > 0n ? sums.positive + amount : sums.positive,
      negative: amount < 0n ? sums.negative - amount : sums.negative,
      cost: sums.cost + cost,
    });
  }
}
