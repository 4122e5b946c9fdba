import { MEASURE } from '../protocol/constants.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey } from '../risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../snapshot/rows.js';
import type { MeasuredInstrument, MeasuredSnapshot, RiskFactors, ShockedUnderlying } from '../snapshot/snapshot.js';
import { changesHash, laneElements } from './changesHash.js';
import { exposuresHash } from './exposuresHash.js';
import { type FactorsRowFields, factorsRowHash } from './factorsRow.js';
import { type MeasuredContract, measureRowHash } from './measureRow.js';
import { type UnderlyingRowFields, underlyingRowHash } from './underlyingRow.js';

/** Underlyings are named by their place in the snapshot, from 1. */
export const underlyingId = (index: number): number => index + 1;

/** The factor matrix as the circuit takes it: a square with zeros above the diagonal and below the last factor. */
export const choleskySquare = ({ cholesky }: RiskFactors): readonly (readonly bigint[])[] =>
  Array.from({ length: MEASURE.factors }, (_, i) =>
    Array.from({ length: MEASURE.factors }, (__, j) => cholesky[i]?.[j] ?? 0n),
  );

/** The one row of a factor matrix. */
export const FACTORS_ID = 1;

/** Assets, then underlyings, then the factors, then the charge tiers of contracts, each in the snapshot's order. */
export const measureRows = (snapshot: MeasuredSnapshot): readonly RiskRow[] => [
  ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts)),
  ...snapshot.underlyings.map(underlyingRow),
  ...('factors' in snapshot.model ? [factorsRow(snapshot.model.factors)] : []),
  ...snapshot.instruments.flatMap((instrument) => contractRows(instrument, snapshot.model)),
];

function underlyingRow({ shocks }: ShockedUnderlying, index: number): RiskRow<UnderlyingRowFields> {
  const id = underlyingId(index);
  const slots = (of: (shock: ShockedUnderlying['shocks'][number]) => bigint): readonly bigint[] =>
    Array.from({ length: MEASURE.shocks }, (_, i) => {
      const shock = shocks[i];
      return shock === undefined ? 0n : of(shock);
    });
  const fields = {
    key: rowKey('underlying', BigInt(id)),
    move: slots(({ move }) => move),
    volatility: slots(({ volatility }) => volatility),
  };
  return {
    kind: 'underlying',
    id,
    tier: 0,
    sizeFloor: 0n,
    sizeCap: MAX_AMOUNT,
    fields,
    hash: underlyingRowHash(fields),
  };
}

function factorsRow(factors: RiskFactors): RiskRow<FactorsRowFields> {
  const fields = { key: rowKey('factors', BigInt(FACTORS_ID)), cholesky: choleskySquare(factors) };
  return {
    kind: 'factors',
    id: FACTORS_ID,
    tier: 0,
    sizeFloor: 0n,
    sizeCap: MAX_AMOUNT,
    fields,
    hash: factorsRowHash(fields),
  };
}

function contractRows(
  instrument: MeasuredInstrument,
  model: MeasuredSnapshot['model'],
): readonly RiskRow<MeasuredContract>[] {
  const { instrumentId: id, price, charges, greeks, changes } = instrument;
  const lanes = 'blocks' in model ? laneElements(changes, model.blocks) : [];
  const exposures =
    'factors' in model ? Array.from({ length: MEASURE.factors }, (_, f) => instrument.exposures[f] ?? 0n) : [];
  const shared = {
    key: rowKey('instrument', BigInt(id)),
    price,
    bound: changes.reduce((most, change) => {
      const size = change < 0n ? -change : change;
      return size > most ? size : most;
    }, 0n),
    changes: 'blocks' in model ? changesHash(lanes) : 0n,
    exposures: 'factors' in model ? exposuresHash(exposures) : 0n,
    underlying: greeks === null ? 0n : BigInt(underlyingId(greeks.underlying)),
    delta: greeks?.delta ?? 0n,
    gamma: greeks?.gamma ?? 0n,
    vega: greeks?.vega ?? 0n,
  };
  let [sizeFloor, deduction] = [0n, 0n];
  return charges.map(({ sizeCap: cap, charge }, tier) => {
    const sizeCap = cap ?? MAX_AMOUNT;
    const below = charges[tier - 1];
    // marginal: the next tier's charge begins where the last one's ended
    if (below !== undefined) deduction += (below.sizeCap ?? 0n) * (charge - below.charge);
    const row = { ...shared, tier: BigInt(tier), sizeFloor, sizeCap, charge, deduction };
    const made = { kind: 'instrument', id, tier, sizeFloor, sizeCap, hash: measureRowHash(row) } as const;
    sizeFloor = sizeCap + 1n;
    return { ...made, fields: { row, lanes, exposures } };
  });
}
