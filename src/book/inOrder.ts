/** Up to `size` items at a time. */
export function* chunksOf<T>(items: Iterable<T>, size: number): Generator<readonly T[], void, undefined> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Results in the order of the items, while `ahead` of them are worked on at once. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // it is awaited below, maybe after another one has failed
    result.catch(() => undefined);
    pending.push(result);
    if (pending.length >= ahead) yield await (pending.shift() as Promise<R>);
  }
  for (const result of pending) yield await result;
}
