/** The items of the first `slots` slots; those that nothing is in hold the padding. */
export const padded = <Item>(items: readonly Item[], padding: Item, slots: number): readonly Item[] =>
  Array.from({ length: slots }, (_, k) => items[k] ?? padding);
