import type { PositionSlot } from '../account/positionEntry.js';
import type { ContractFields } from './portfolioRow.js';

/** Sums over the positions of one expiry. */
export interface ExpiryTotal {
  /** 1e-16 quote, signed */
  readonly mark: bigint;
  readonly up: bigint;
  readonly down: bigint;
  /** units of size */
  readonly gross: bigint;
  readonly floor: bigint;
  /** one per scenario slot */
  readonly values: readonly bigint[];
}

export const signedSize = ({ sizeSign, size }: PositionSlot): bigint => (1n - 2n * sizeSign) * size;

/** Twin of ExpiryTotals: one item an expiry slot, and per position slot the signed size of what it holds. */
export function expiryTotals(
  positions: readonly PositionSlot[],
  contracts: readonly ContractFields[],
  inExpiry: readonly (readonly bigint[])[],
): { readonly expiries: readonly ExpiryTotal[]; readonly net: readonly bigint[] } {
  const slots = inExpiry[0]?.length ?? 0;
  const scenarios = contracts[0]?.values.length ?? 0;
  const expiries = Array.from({ length: slots }, (_, e) => {
    const total = (term: (contract: ContractFields, signed: bigint, units: bigint) => bigint): bigint =>
      positions.reduce((sum, slot, k) => {
        const held = inExpiry[k]?.[e] as bigint;
        return sum + term(contracts[k] as ContractFields, held * signedSize(slot), held * slot.size);
      }, 0n);
    return {
      mark: total(({ row }, signed) => signed * row.price),
      up: total(({ row }, signed) => signed * row.up),
      down: total(({ row }, signed) => signed * row.down),
      gross: total((_contract, _signed, units) => units),
      floor: total(({ row }, _signed, units) => units * row.floorCharge),
      values: Array.from({ length: scenarios }, (_, s) =>
        total(({ values }, signed) => signed * (values[s] as bigint)),
      ),
    };
  });
  const net = positions.map((slot, k) => (inExpiry[k]?.includes(1n) === true ? signedSize(slot) : 0n));
  return { expiries, net };
}
