/** Twin of GreaterRate. */
export const greaterRate = (first: bigint, second: bigint): bigint => (second > first ? second : first);
