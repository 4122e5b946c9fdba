import { compare } from '../../numbers/rational.js';
import type { ForwardContract, OptionContract } from './gridMarket.js';

/** Whether an option is the second of a strike's call and put: its expiry lists the other one under the id before. */
export const netsWithPrevious = (
  { instrumentId, strike, isCall }: OptionContract,
  contracts: readonly (ForwardContract | OptionContract)[],
): boolean =>
  contracts.some(
    (other) =>
      other.kind === 'option' &&
      other.instrumentId === instrumentId - 1 &&
      other.isCall !== isCall &&
      compare(other.strike, strike) === 0,
  );
