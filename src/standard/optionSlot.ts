/** The bus OptionSlot: one option position as its expiry sums it up; all zero but `unpaired` where there is none. */
export interface OptionSlot {
  /** id from 1 */
  readonly expiry: bigint;
  readonly strike: bigint;
  /** signed size where it is a call */
  readonly calls: bigint;
  /** signed size where it is a put */
  readonly puts: bigint;
  /** margin on its own, 1e-16 quote */
  readonly isolated: bigint;
  /** of the expiry, quote per unit */
  readonly unpaired: bigint;
}
