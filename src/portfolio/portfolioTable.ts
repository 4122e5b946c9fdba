import { PORTFOLIO } from '../protocol/constants.js';
import { RULE_CODE } from '../risk/modelHash.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey } from '../risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../snapshot/rows.js';
import type { ExpiryParameters, PortfolioInstrument, PortfolioModel, PortfolioSnapshot } from '../snapshot/snapshot.js';
import { type ExpiryRowFields, expiryRowHash } from './expiryRow.js';
import { type ContractFields, portfolioRowHash, scenarioValuesHash } from './portfolioRow.js';
import { inScenarioSlots, scenarioFields, scenariosHash } from './scenarios.js';

/** Expiries and underlyings are named by their place in the snapshot, from 1. */
export const placeId = (index: number): number => index + 1;

const whole = { tier: 0, sizeFloor: 0n, sizeCap: MAX_AMOUNT } as const;

/** Assets, then expiries, then contracts, each in the snapshot's order. */
export const portfolioRows = (snapshot: PortfolioSnapshot): readonly RiskRow[] => [
  ...snapshot.assets.flatMap((asset) =>
    assetRows(asset, snapshot.model.haircuts, asset.underlying === null ? 0n : BigInt(placeId(asset.underlying))),
  ),
  ...snapshot.expiries.map(expiryRow),
  ...snapshot.instruments.map((instrument) => contractRow(instrument, snapshot.model)),
];

function expiryRow(expiry: ExpiryParameters, index: number): RiskRow<ExpiryRowFields> {
  const id = placeId(index);
  const fields: ExpiryRowFields = {
    key: rowKey('expiry', BigInt(id)),
    underlying: BigInt(placeId(expiry.underlying)),
    perpetual: expiry.perpetual ? 1n : 0n,
    positiveDown: expiry.positiveDiscount[0],
    positiveUp: expiry.positiveDiscount[1],
    negativeDown: expiry.negativeDiscount[0],
    negativeUp: expiry.negativeDiscount[1],
    charge: expiry.charge,
    chargeWithPerpetual: expiry.chargeWithPerpetual,
  };
  return { kind: 'expiry', id, ...whole, fields, hash: expiryRowHash(fields) };
}

function contractRow(instrument: PortfolioInstrument, model: PortfolioModel): RiskRow<ContractFields> {
  const { instrumentId: id, price, up, down, nakedCharge, floorCharge } = instrument;
  const plain = model.scenarios.length;
  const values = inScenarioSlots(instrument.values.slice(0, plain), instrument.values.slice(plain), 0n);
  const half = PORTFOLIO.scenarios / 2;
  const row = {
    key: rowKey('instrument', BigInt(id)),
    group: BigInt(2 * placeId(instrument.expiry) + (instrument.nets ? 1 : 0)),
    price,
    up,
    down,
    nakedCharge,
    floorCharge,
    valuesLow: scenarioValuesHash(values.slice(0, half)),
    valuesHigh: scenarioValuesHash(values.slice(half)),
  };
  return { kind: 'instrument', id, ...whole, fields: { row, values }, hash: portfolioRowHash(row) };
}

/** The model's rules in the order of PortfolioMargin. */
export const portfolioRules = (model: PortfolioModel): readonly bigint[] => [
  RULE_CODE[model.haircuts],
  scenariosHash(scenarioFields(model)),
];
