/** Twin of Select: values[index], the index given as bits, least significant first. */
export function select(values: readonly bigint[], bits: readonly bigint[]): bigint {
  const index = bits.reduce((sum, bit, place) => sum + (Number(bit) << place), 0);
  return values[index] as bigint;
}
