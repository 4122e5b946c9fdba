/** Mutants that no test can kill, by id, each with the reason why its check is redundant and yet stands. */
export const EXPLAINED: Readonly<Record<string, string>> = {};
