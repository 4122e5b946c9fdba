import { SolvencyError } from '../../errors.js';
import type { Rational } from '../../numbers/rational.js';
import { ZERO } from '../../numbers/rational.js';
import { numberAt, objectAt, objectsAt, onlyFields, optionalNumberAt, textAt } from '../../vectors/fields.js';
import type { JsonObject } from '../../vectors/json.js';
import type { HyperliquidPosition, HyperliquidTier } from './model.js';

export interface HyperliquidCasePosition extends HyperliquidPosition {
  /** absent where the recording states none: a position's cost does not enter equity, which starts from rawUsd */
  readonly entry?: Rational;
}

export interface HyperliquidCase {
  readonly rawUsd: Rational;
  readonly positions: readonly HyperliquidCasePosition[];
}

// what the interface reports beside the inputs: results, and so never read
const REPORTED = ['unrealizedPnl', 'liquidationPx', 'marginUsed', 'returnOnEquity'];
const POSITION_FIELDS = [
  'coin',
  'szi',
  'positionValue',
  'entryPx',
  'leverage',
  'maxLeverage',
  'marginTiers',
  ...REPORTED,
];
// the formulas that the cases give in words; another wording means another model
const RULES: Readonly<Record<string, string>> = { maintenance_rate: '1/(2*maxLeverage)', initial: '1/leverage' };

function positive(value: Rational, what: string): Rational {
  if (value.num <= 0n) throw new SolvencyError('INVALID_INPUT', `${what} is not positive`);
  return value;
}

/** Tiers as the venue's `marginTiers`, or the one that a bare `maxLeverage` means. */
function readTiers(object: JsonObject, where: string): readonly HyperliquidTier[] {
  const listed = objectsAt(object, 'marginTiers', where);
  if (listed.length === 0) {
    return [
      { lowerBound: ZERO, maxLeverage: positive(numberAt(object, 'maxLeverage', where), `${where}.maxLeverage`) },
    ];
  }
  return listed.map((tier, index) => {
    const here = `${where}.marginTiers[${index}]`;
    onlyFields(tier, ['lowerBound', 'maxLeverage'], here);
    const lowerBound = numberAt(tier, 'lowerBound', here);
    if ((index === 0) !== (lowerBound.num === 0n))
      throw new SolvencyError('INVALID_INPUT', `${here} does not start at 0`);
    return { lowerBound, maxLeverage: positive(numberAt(tier, 'maxLeverage', here), `${here}.maxLeverage`) };
  });
}

function readPosition(object: JsonObject, index: number): HyperliquidCasePosition {
  const where = `positions[${index}]`;
  onlyFields(object, POSITION_FIELDS, where);
  const notional = numberAt(object, 'positionValue', where);
  if (notional.num < 0n) throw new SolvencyError('INVALID_INPUT', `${where}.positionValue is negative`);
  const entry = optionalNumberAt(object, 'entryPx', where);
  return {
    coin: textAt(object, 'coin', where),
    size: numberAt(object, 'szi', where),
    notional,
    leverage: positive(numberAt(object, 'leverage', where), `${where}.leverage`),
    tiers: readTiers(object, where),
    ...(entry === undefined ? {} : { entry }),
  };
}

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readHyperliquidCase(fields: JsonObject): HyperliquidCase {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  onlyFields(objectAt(fields, 'prices', 'the case'), [], 'prices');
  const rules = objectAt(fields, 'risk_params', 'the case');
  onlyFields(rules, Object.keys(RULES), 'risk_params');
  for (const [key, rule] of Object.entries(RULES)) {
    const stated = rules[key];
    if (stated !== undefined && (typeof stated !== 'string' || !stated.startsWith(rule))) {
      throw new SolvencyError('INVALID_INPUT', `risk_params.${key} is not ${rule}`);
    }
  }
  const collateral = objectAt(fields, 'collateral', 'the case');
  onlyFields(collateral, ['raw_usd'], 'collateral');
  return {
    rawUsd: numberAt(collateral, 'raw_usd', 'collateral'),
    positions: objectsAt(fields, 'positions', 'the case').map(readPosition),
  };
}
