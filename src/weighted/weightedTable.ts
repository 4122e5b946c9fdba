import { WEIGHTED } from '../protocol/constants.js';
import { RULE_CODE } from '../risk/modelHash.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey } from '../risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../snapshot/rows.js';
import type { WeightedInstrument, WeightedModel, WeightedSnapshot } from '../snapshot/snapshot.js';
import { type WeightedRowFields, weightedRowHash } from './weightedRow.js';

/** Profit that counts without a cap: all that the circuit can hold. */
const NO_CAP = (1n << BigInt(WEIGHTED.profitBits)) - 1n;

/** Assets, then each instrument's row for longs and that for shorts, in the snapshot's order. */
export function weightedRows(snapshot: WeightedSnapshot): readonly RiskRow[] {
  const decimals = new Map(snapshot.registry.entries.map(({ id, amountDecimals }) => [id, amountDecimals]));
  return [
    ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts)),
    ...snapshot.instruments.flatMap((instrument) =>
      (['long', 'short'] as const).map((side) =>
        sideRow(instrument, side, decimals.get(instrument.instrumentId) as number),
      ),
    ),
  ];
}

/** 1e-10 units of size in its smallest unit. */
const rootScaleOf = (amountDecimals: number): bigint => 10n ** BigInt(WEIGHTED.rootDecimals - amountDecimals);

function sideRow(
  instrument: WeightedInstrument,
  side: 'long' | 'short',
  amountDecimals: number,
): RiskRow<WeightedRowFields> {
  const { instrumentId: id, gainWeight, gainCap } = instrument;
  const { price, marginPrice, rate, premiumBase, premium, quadratic } = instrument[side];
  const isShort = side === 'short';
  const fields = {
    key: rowKey('instrument', BigInt(id)) + (isShort ? WEIGHTED.shortKey : 0n),
    price,
    marginPrice,
    rate,
    premiumBase,
    premium,
    // without a premium nobody needs a root, and none limits the size
    rootScale: premium === 0n ? 0n : rootScaleOf(amountDecimals),
    quadratic,
    gainWeight,
    gainCap: gainCap ?? NO_CAP,
  };
  return {
    kind: 'instrument',
    id,
    tier: isShort ? 1 : 0,
    sizeFloor: 0n,
    sizeCap: MAX_AMOUNT,
    fields,
    hash: weightedRowHash(fields),
  };
}

/** The model's rules in the order of WeightedMargin. */
export const weightedRules = (model: WeightedModel): readonly bigint[] => [RULE_CODE[model.haircuts], model.rateStep];
