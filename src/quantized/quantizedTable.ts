import { RULE_CODE } from '../risk/modelHash.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey } from '../risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../snapshot/rows.js';
import type { QuantizedInstrument, QuantizedModel, QuantizedSnapshot } from '../snapshot/snapshot.js';
import { type QuantizedRowFields, quantizedRowHash } from './quantizedRow.js';

/** Assets, then perpetuals, each in the snapshot's order. */
export const quantizedRows = (snapshot: QuantizedSnapshot): readonly RiskRow[] => [
  ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts)),
  ...snapshot.instruments.map(perpetualRow),
];

function perpetualRow({ instrumentId: id, ...terms }: QuantizedInstrument): RiskRow<QuantizedRowFields> {
  const { price, fundingIndex, baseRate, fraction } = terms;
  const fields = { key: rowKey('instrument', BigInt(id)), price, fundingIndex, baseRate, fraction };
  return {
    kind: 'instrument',
    id,
    tier: 0,
    sizeFloor: 0n,
    sizeCap: MAX_AMOUNT,
    fields,
    hash: quantizedRowHash(fields),
  };
}

/** The model's rules in the order of QuantizedMargin. */
export const quantizedRules = (model: QuantizedModel): readonly bigint[] => [RULE_CODE[model.haircuts]];
