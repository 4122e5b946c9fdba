import { z } from 'zod';
import type { Market, MarketInstrument } from '../engine/snapshot/market.js';
import { SolvencyError } from '../errors.js';
import { parseRational, type Rational, ZERO } from '../numbers/rational.js';
import { decimalText, nameText, rationalText, seconds, unsignedText } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { registryFields, registryFromFields } from './registry.js';
import { assetOf, instrumentOf, symbolsOf } from './symbols.js';

const optionFields = z.strictObject({
  strike: unsignedText,
  expiry: seconds,
  type: z.enum(['call', 'put'], 'must be "call" or "put"'),
  // signed, so that a negative one is refused by name
  volatility: decimalText,
});

export const marketSchema = fileSchema('market', {
  registry: registryFields,
  time: seconds,
  discountRate: unsignedText.optional(),
  assets: z.array(
    z.strictObject({
      asset: nameText,
      price: unsignedText,
      ladder: z.array(z.strictObject({ valueCap: rationalText.nullable(), factor: rationalText })),
    }),
  ),
  underlyings: z.array(
    z.strictObject({
      name: nameText,
      spot: unsignedText,
      volatility: decimalText.optional(),
      history: nameText.optional(),
      volatilityHistory: nameText.optional(),
    }),
  ),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      underlying: nameText,
      mark: unsignedText.optional(),
      contract: z.union(
        [z.literal('linear'), optionFields],
        'must be "linear", or an option with strike, expiry, type and volatility',
      ),
      averageDailyVolume: unsignedText.optional(),
      depth: unsignedText.optional(),
      halfSpread: unsignedText.optional(),
    }),
  ),
});

/** The fields of a market file. */
export type MarketFields = Omit<z.infer<typeof marketSchema>, 'format' | 'version'>;

/**
 * Reads `zk-solvency/market`: public market data at one time. What the figures have to be is for buildEngineSnapshot to say.
 * Errors: those of readFormat, INVALID_SNAPSHOT (registry), UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_INPUT for an
 * instrument of an underlying that is not listed.
 */
export function parseMarket(text: string, where: string): Market {
  const file = readFormat(marketSchema, text, { name: 'market', where });
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  const places = new Map(file.underlyings.map(({ name }, place) => [name, place]));
  return {
    registry,
    time: file.time,
    discountRate: exact(file.discountRate ?? '0'),
    assets: file.assets.map(({ asset, price, ladder }, index) => ({
      assetId: assetOf(symbols, asset, `${where}: assets[${index}].asset`).id,
      price: exact(price),
      ladder: ladder.map(({ valueCap, factor }) => ({
        valueCap: valueCap === null ? null : exact(valueCap),
        factor: exact(factor),
      })),
    })),
    underlyings: file.underlyings.map(({ name, spot, volatility, history, volatilityHistory }) => ({
      name,
      spot: exact(spot),
      volatility: stated(volatility),
      history: history ?? null,
      volatilityHistory: volatilityHistory ?? null,
    })),
    instruments: file.instruments.map((fields, index): MarketInstrument => {
      const path = `${where}: instruments[${index}]`;
      const underlying = places.get(fields.underlying);
      if (underlying === undefined) {
        throw new SolvencyError(
          'INVALID_INPUT',
          `${path}: ${fields.instrument} has the underlying ${fields.underlying}, which is not listed. Add it to the underlyings.`,
          { details: { where: path, underlying: fields.underlying } },
        );
      }
      const { contract } = fields;
      return {
        instrumentId: instrumentOf(symbols, fields.instrument, `${path}.instrument`).id,
        underlying,
        mark: stated(fields.mark),
        contract:
          contract === 'linear'
            ? { kind: 'linear' }
            : {
                kind: 'option',
                strike: exact(contract.strike),
                expiry: contract.expiry,
                isCall: contract.type === 'call',
                volatility: exact(contract.volatility),
              },
        averageDailyVolume: stated(fields.averageDailyVolume),
        depth: stated(fields.depth),
        halfSpread: stated(fields.halfSpread),
      };
    }),
  };
}

export const serializeMarket = (fields: MarketFields): string => writeFormat('market', fields);

/** The schema has let nothing else pass. */
const exact = (text: string): Rational => parseRational(text) ?? ZERO;
const stated = (text: string | undefined): Rational | null => (text === undefined ? null : exact(text));
