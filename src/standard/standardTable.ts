import { RULE_CODE } from '../risk/modelHash.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey } from '../risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../snapshot/rows.js';
import type { OptionExpiry, StandardInstrument, StandardModel, StandardSnapshot } from '../snapshot/snapshot.js';
import { type StandardRowFields, standardRowHash } from './standardRow.js';

/** Assets, then contracts, each in the snapshot's order. */
export const standardRows = (snapshot: StandardSnapshot): readonly RiskRow[] => [
  ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts, asset.charge)),
  ...snapshot.instruments.map((instrument) => contractRow(instrument, snapshot.expiries)),
];

function contractRow(
  { instrumentId: id, price, option, longCharge, shortCharge }: StandardInstrument,
  expiries: readonly OptionExpiry[],
): RiskRow<StandardRowFields> {
  const fields = {
    key: rowKey('instrument', BigInt(id)),
    // expiries are named by their place in the snapshot, from 1: 0 is none
    expiry: option === null ? 0n : BigInt(option.expiry + 1),
    strike: option?.strike ?? 0n,
    call: option?.type === 'call' ? 1n : 0n,
    put: option?.type === 'put' ? 1n : 0n,
    price,
    isolated: option?.isolated ?? 0n,
    unpaired: option === null ? 0n : (expiries[option.expiry]?.unpaired as bigint),
    longCharge,
    shortCharge,
  };
  return {
    kind: 'instrument',
    id,
    tier: 0,
    sizeFloor: 0n,
    sizeCap: MAX_AMOUNT,
    fields,
    hash: standardRowHash(fields),
  };
}

/** The model's rules in the order of StandardMargin. */
export const standardRules = (model: StandardModel): readonly bigint[] => [RULE_CODE[model.haircuts]];
