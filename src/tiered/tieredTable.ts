import { RULE_CODE } from '../risk/modelHash.js';
import type { RiskRow } from '../risk/riskRow.js';
import type { TableRowFields } from '../risk/tableRow.js';
import { assetRows, tableRows } from '../snapshot/rows.js';
import type { InstrumentParameters, TieredModel, TieredSnapshot } from '../snapshot/snapshot.js';

/** Assets, then instruments, each in the snapshot's order, tiers ascending. */
export const tieredRows = (snapshot: TieredSnapshot): readonly RiskRow<TableRowFields>[] => [
  ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts)),
  ...snapshot.instruments.flatMap(instrumentRows),
];

/**
 * The rows of one instrument. A size above a finite last cap has no row and cannot be proven at all: the venue
 * states no requirement for it.
 */
export function instrumentRows({
  instrumentId,
  price,
  tiers,
}: InstrumentParameters): readonly RiskRow<TableRowFields>[] {
  const pieces = tiers.map((tier) => ({ cap: tier.notionalCap, rate: tier.rate, offset: tier.deduction }));
  return tableRows('instrument', instrumentId, price, pieces);
}

/** The model's rules in the order of TieredMargin. */
export const tieredRules = ({ tiers, haircuts }: TieredModel): readonly bigint[] => [
  RULE_CODE[tiers],
  RULE_CODE[haircuts],
];
