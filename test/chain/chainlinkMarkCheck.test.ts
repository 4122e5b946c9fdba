import type { Contract } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOW, type OracleSystem, oracleSystem } from '../support/oracleSystem.js';

const INSTRUMENT = 3n;
const AGE = 3600n;
/** one and a half per cent */
const TOLERANCE_BPS = 150n;
/** 100 quote with the 8 decimals of marks */
const PRICE = 10_000_000_000n;

let system: OracleSystem;
/** a feed of 8 decimals and its check */
let feed: Contract;
let check: Contract;
let snapshot: string;

beforeAll(async () => {
  system = await oracleSystem();
  await system.at(NOW - 10n);
  feed = await system.deploy('ChainlinkFeed', 8, PRICE);
  check = await system.deploy('ChainlinkMarkCheck', INSTRUMENT, feed.target, AGE, TOLERANCE_BPS);
}, 60_000);

afterAll(() => system?.stop());

beforeEach(async () => {
  snapshot = await system.snapshot();
  await answer(PRICE, NOW - 5n);
  await system.at(NOW);
});

afterEach(() => system.revert(snapshot));

const answer = (price: bigint, updatedAt: bigint, of = feed) =>
  system.send(system.stranger, ['updateRoundData', 2n, price, updatedAt, updatedAt], of);
const errorOf = (price: bigint, by = check, instrument = INSTRUMENT) =>
  system.errorOf(by.getFunction('check').staticCall(instrument, price));
const accepts = async (price: bigint, by = check) => expect(await errorOf(price, by)).toBe(undefined);
const refuses = async (price: bigint, ...error: readonly unknown[]) => expect(await errorOf(price)).toEqual(error);

describe('a mark', () => {
  test('may be off by just the tolerance to either side, and not by a unit more', async () => {
    const off = (PRICE * TOLERANCE_BPS) / 10_000n;
    for (const price of [PRICE, PRICE + off, PRICE - off]) await accepts(price);
    for (const price of [PRICE + off + 1n, PRICE - off - 1n, 1n, 0n, 2n ** 128n - 1n]) {
      await refuses(price, 'MarkOffFeed', INSTRUMENT, price, PRICE);
    }
  });

  test('is not let through by rounding', async () => {
    // a tolerance of 1.485 units around 99
    await answer(99n, NOW);
    for (const price of [98n, 99n, 100n]) await accepts(price);
    for (const price of [97n, 101n]) await refuses(price, 'MarkOffFeed', INSTRUMENT, price, 99n);
  });

  test('is of the instrument of the check', async () => {
    expect(await errorOf(PRICE, check, 4n)).toEqual(['WrongInstrument', 4n, INSTRUMENT]);
  });

  test.each([0n, 6n, 18n])('is compared with a feed of %i decimals', async (decimals) => {
    // 101 quote, off by just the tolerance below and above
    const scaled = 101n * 10n ** decimals;
    const other = await system.deploy('ChainlinkFeed', decimals, scaled);
    const by = await system.deploy('ChainlinkMarkCheck', INSTRUMENT, other.target, AGE, TOLERANCE_BPS);
    const [low, high] = [9_948_500_000n, 10_251_500_000n];
    for (const price of [low, high]) await accepts(price, by);
    for (const price of [low - 1n, high + 1n]) {
      expect(await errorOf(price, by)).toEqual(['MarkOffFeed', INSTRUMENT, price, scaled]);
    }
  });

  test('is compared to more decimals than it has', async () => {
    // a change of the answer that marks cannot show is one too many
    const exact = 100n * 10n ** 18n;
    const other = await system.deploy('ChainlinkFeed', 18, exact);
    const by = await system.deploy('ChainlinkMarkCheck', INSTRUMENT, other.target, AGE, TOLERANCE_BPS);
    const mark = 10_150_000_000n;
    await accepts(mark, by);
    await answer(exact - 1n, NOW + 1n, other);
    expect(await errorOf(mark, by)).toEqual(['MarkOffFeed', INSTRUMENT, mark, exact - 1n]);
  });

  test('of no tolerance is the answer itself', async () => {
    const strict = await system.deploy('ChainlinkMarkCheck', INSTRUMENT, feed.target, AGE, 0);
    await accepts(PRICE, strict);
    for (const price of [PRICE - 1n, PRICE + 1n]) {
      expect(await errorOf(price, strict)).toEqual(['MarkOffFeed', INSTRUMENT, price, PRICE]);
    }
  });
});

describe('an answer', () => {
  test('is positive', async () => {
    for (const price of [0n, -1n, -PRICE, -(2n ** 255n)]) {
      await answer(price, NOW);
      await refuses(PRICE, 'InvalidAnswer', price);
      await refuses(0n, 'InvalidAnswer', price);
    }
  });

  test('has the 192 bits of an aggregator, which overflow nothing', async () => {
    const largest = 2n ** 191n - 1n;
    const other = await system.deploy('ChainlinkFeed', 18, largest);
    const by = await system.deploy('ChainlinkMarkCheck', INSTRUMENT, other.target, AGE, 9_999n);
    expect(await errorOf(2n ** 128n - 1n, by)).toEqual(['MarkOffFeed', INSTRUMENT, 2n ** 128n - 1n, largest]);
    await answer(1n, NOW, other);
    expect(await errorOf(2n ** 128n - 1n, by)).toEqual(['MarkOffFeed', INSTRUMENT, 2n ** 128n - 1n, 1n]);
    for (const price of [largest + 1n, 2n ** 255n - 1n]) {
      await answer(price, NOW);
      await refuses(PRICE, 'InvalidAnswer', price);
    }
  });

  test('is of a complete round', async () => {
    await answer(PRICE, 0n);
    await refuses(PRICE, 'RoundIncomplete');
  });

  test('counts for as long as it may, and not a second longer', async () => {
    const updatedAt = NOW - 5n;
    await system.at(updatedAt + AGE);
    await accepts(PRICE);
    await system.at(updatedAt + AGE + 1n);
    await refuses(PRICE, 'StaleAnswer', updatedAt, updatedAt + AGE + 1n);
  });

  test('is not from the future', async () => {
    await answer(PRICE, NOW + 10n);
    await system.at(NOW + 9n);
    await refuses(PRICE, 'AnswerInFuture', NOW + 10n, NOW + 9n);
    await system.at(NOW + 10n);
    await accepts(PRICE);
  });

  test('of a later round is the one that counts', async () => {
    await answer(PRICE * 2n, NOW + 5n);
    await system.at(NOW + 6n);
    await refuses(PRICE, 'MarkOffFeed', INSTRUMENT, PRICE, PRICE * 2n);
    await accepts(PRICE * 2n);
  });
});

describe('deployment', () => {
  test('fixes everything', async () => {
    const read = (name: string) => check.getFunction(name)();
    expect(await read('INSTRUMENT')).toBe(INSTRUMENT);
    expect(await read('FEED')).toBe(feed.target);
    expect(await read('MAX_ANSWER_AGE')).toBe(AGE);
    expect(await read('TOLERANCE_BPS')).toBe(TOLERANCE_BPS);
  });

  test.each([
    [0n, 1n],
    [2n ** 32n + 1n, 1n],
    [AGE, 10_000n],
  ])('with an age of %i and a tolerance of %i is refused', async (age, tolerance) => {
    const error = ['InvalidConfig', age, tolerance, 8n];
    await system.refusesDeployment('ChainlinkMarkCheck', [INSTRUMENT, feed.target, age, tolerance], ...error);
  });

  test('with the largest age and tolerance is fine', async () => {
    await system.deploy('ChainlinkMarkCheck', INSTRUMENT, feed.target, 2n ** 32n, 9_999n);
  });

  test('with a feed of more than 18 decimals is refused', async () => {
    const other = await system.deploy('ChainlinkFeed', 19, PRICE);
    const error = ['InvalidConfig', AGE, TOLERANCE_BPS, 19n];
    await system.refusesDeployment('ChainlinkMarkCheck', [INSTRUMENT, other.target, AGE, TOLERANCE_BPS], ...error);
  });
});
