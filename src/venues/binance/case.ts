import { SolvencyError } from '../../errors.js';
import { absolute, divide, multiply, negate, ONE, type Rational } from '../../numbers/rational.js';
import { numberAt, objectAt, objectsAt, onlyFields, optionalNumberAt, textAt } from '../../vectors/fields.js';
import { type JsonObject, readNumber } from '../../vectors/json.js';
import type { BinancePosition } from './model.js';

/** A Binance case: one wallet and its positions. */
export interface BinanceCase {
  readonly quote: string;
  readonly isolated: boolean;
  readonly walletBalance: Rational;
  readonly positions: readonly BinancePosition[];
}

const POSITION_FIELDS = ['symbol', 'side', 'qty', 'entry', 'mark', 'leverage', 'mmr', 'cum'];
const BALANCE = /^wallet_balance_([A-Z0-9]+)$/;

function readPosition(object: JsonObject, index: number): BinancePosition {
  const where = `positions[${index}]`;
  onlyFields(object, POSITION_FIELDS, where);
  const side = textAt(object, 'side', where);
  if (side !== 'long' && side !== 'short')
    throw new SolvencyError('INVALID_INPUT', `${where}.side is neither long nor short`);
  const quantity = numberAt(object, 'qty', where);
  const mark = optionalNumberAt(object, 'mark', where);
  const leverage = optionalNumberAt(object, 'leverage', where);
  return {
    symbol: textAt(object, 'symbol', where),
    size: side === 'long' ? quantity : negate(quantity),
    entry: numberAt(object, 'entry', where),
    maintenanceRate: numberAt(object, 'mmr', where),
    cum: numberAt(object, 'cum', where),
    ...(mark === undefined ? {} : { mark }),
    ...(leverage === undefined ? {} : { leverage }),
  };
}

/** Reads a product or quotient in words, such as "amount*open_rate/leverage"; refuses every other form. */
function evaluateWords(text: string, values: Readonly<Record<string, Rational | undefined>>): Rational {
  return text.split(/(?=[*/])/).reduce((result, part, index) => {
    const operator = index === 0 ? '*' : part[0];
    const word = (index === 0 ? part : part.slice(1)).trim();
    const value = readNumber(word) ?? (Object.hasOwn(values, word) ? values[word] : undefined);
    if (value === undefined || (operator === '/' && value.num === 0n)) {
      throw new SolvencyError(
        'INVALID_INPUT',
        `collateral.isolated_wallet is no product of this position's figures: "${text}"`,
      );
    }
    return operator === '/' ? divide(result, value) : multiply(result, value);
  }, ONE);
}

function isolatedWallet(collateral: JsonObject, positions: readonly BinancePosition[]): Rational {
  const position = positions[0];
  if (position === undefined || positions.length !== 1) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'an isolated wallet belongs to one position, and the case has another number',
    );
  }
  const quantity = absolute(position.size);
  return evaluateWords(textAt(collateral, 'isolated_wallet', 'collateral'), {
    amount: quantity,
    qty: quantity,
    open_rate: position.entry,
    entry: position.entry,
    leverage: position.leverage,
  });
}

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readBinanceCase(fields: JsonObject): BinanceCase {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  onlyFields(objectAt(fields, 'prices', 'the case'), [], 'prices');
  onlyFields(objectAt(fields, 'risk_params', 'the case'), [], 'risk_params');
  const positions = objectsAt(fields, 'positions', 'the case').map(readPosition);
  const collateral = objectAt(fields, 'collateral', 'the case');
  const [key, ...others] = Object.keys(collateral).filter((name) => name !== 'note');
  if (key === undefined || others.length > 0) {
    throw new SolvencyError('INVALID_INPUT', 'collateral holds not exactly one balance, and this model reads one');
  }
  if (key === 'isolated_wallet') {
    return { quote: 'USDT', isolated: true, walletBalance: isolatedWallet(collateral, positions), positions };
  }
  const quote = BALANCE.exec(key)?.[1];
  if (quote === undefined)
    throw new SolvencyError('INVALID_INPUT', `collateral has a field this model does not read: ${key}`);
  return { quote, isolated: false, walletBalance: numberAt(collateral, key, 'collateral'), positions };
}
