/** A JSON value to be spoilt. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Path = readonly (string | number)[];

/** What JSON.stringify cannot write, such as 1e999, a field twice or half a text: stands in the text as it is. */
export const raw = (text: string): string => `\u0001raw${text}\u0001`;
const RAW = /"\\u0001raw((?:[^"\\]|\\.)*?)\\u0001"/g;

export const write = (value: Json): string =>
  JSON.stringify(value).replace(RAW, (_, text: string) => JSON.parse(`"${text}"`) as string);

/** The paths of all values below the top; lists are entered at their first item alone unless `everyItem`. */
export function pathsOf(value: Json, everyItem = false, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()].slice(0, everyItem ? value.length : 1) : Object.keys(value);
  return keys.flatMap((key) => [
    [...at, key],
    ...pathsOf((value as Record<string | number, Json>)[key] as Json, everyItem, [...at, key]),
  ]);
}

/** The value at a path; undefined where there is none. */
export const valueAt = (value: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string | number, Json>)[key]
        : undefined,
    value,
  );

/** A copy with another value at a path; undefined takes the field or item away. */
export function withValue(value: Json, path: Path, changed: Json | undefined): Json {
  const copy = structuredClone(value);
  const [last, parent] = [path.at(-1) as string | number, valueAt(copy, path.slice(0, -1))];
  if (typeof parent !== 'object' || parent === null || (Array.isArray(parent) && !/^\d+$/.test(String(last))))
    return copy;
  if (changed !== undefined)
    Object.defineProperty(parent, last, { value: changed, enumerable: true, writable: true, configurable: true });
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** A path without the places in lists: positions.size */
export const fieldOf = (path: Path): string => path.filter((part) => typeof part === 'string').join('.');
