/** The largest of a list that is not empty. */
export function maximum(values: readonly [bigint, ...bigint[]]): bigint {
  let [largest] = values;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}
