/** The last second that has an ISO date. */
export const LAST_TIME = 8_640_000_000_000;

/** A time in seconds since 1970 as an ISO date, for people. */
export const isoTime = (time: number): string =>
  time > LAST_TIME ? 'beyond all dates' : new Date(time * 1000).toISOString().replace('.000Z', 'Z');
