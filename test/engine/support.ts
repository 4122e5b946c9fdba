import { expect } from 'vitest';
import type { PriceHistory } from '../../src/engine/history.js';

export const DAY = 86_400;
/** 2026-01-01T00:00:00Z */
export const START = 1_767_225_600;

export const historyOf = (prices: readonly number[], { name = 'BTC', stepSeconds = DAY } = {}): PriceHistory => ({
  name,
  stepSeconds,
  points: prices.map((price, index) => ({ time: START + index * stepSeconds, price })),
});

/** Throws the error of that code, with this in its message. */
export function refuses(action: () => unknown, code: string, message: RegExp): void {
  expect(action).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
}

/** Equal but for the roundings of a few operations. */
export function near(value: number | undefined, expected: number, relative = 1e-14): void {
  expect(Math.abs((value as number) - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}
