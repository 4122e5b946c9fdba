import { type Rational, rational } from '../../../numbers/rational.js';
import { MEASURE, VALUE_DECIMALS } from '../../../protocol/constants.js';
import type { RegistryEntry } from '../../../snapshot/registry.js';

/** Changes of value, cash Greeks and exposures of one unit of size are in 1e-12 quote. */
const CHANGE_DECIMALS = VALUE_DECIMALS - (MEASURE.changeScale.toString().length - 1);

/** Change units of one unit of size in 1 quote of one whole thing. */
export const changeUnit = ({ amountDecimals }: RegistryEntry): Rational =>
  rational(10n ** BigInt(CHANGE_DECIMALS), 10n ** BigInt(amountDecimals));
