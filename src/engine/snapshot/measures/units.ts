import { type Rational, rational } from '../../../numbers/rational.js';
import { MEASURE } from '../../../protocol/constants.js';
import type { RegistryEntry } from '../../../snapshot/registry.js';

/** Change units of one unit of size in 1 quote of one whole thing. */
export const changeUnit = ({ amountDecimals }: RegistryEntry): Rational =>
  rational(10n ** BigInt(MEASURE.changeDecimals), 10n ** BigInt(amountDecimals));
