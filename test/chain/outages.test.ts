import { type Contract, ContractFactory, type InterfaceAbi } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compiled } from '../support/contracts.js';

interface Interval {
  readonly from: bigint;
  readonly until: bigint;
}

/** the first second of the chain's life here */
const START = 2_000_000_000n;
const NEVER = (1n << 64n) - 1n;

let chain: LocalChain;
let harness: Contract;
/** each log is used once */
let log = 0;

beforeAll(async () => {
  chain = await startAnvil();
  const { abi, bytecode } = compiled('OutagesHarness');
  const deployed = await new ContractFactory(abi as InterfaceAbi, bytecode, chain.signers[0]).deploy();
  harness = (await deployed.waitForDeployment()) as Contract;
}, 60_000);

afterAll(() => chain?.stop());

/** Moments that are close together, so that bounds meet. */
const close = fc.bigInt({ min: 0n, max: 30n });
const anywhere = fc.bigInt({ min: 0n, max: NEVER });

/** Outages of one source: the latest first, none overlapping the next, some touching it. */
const outages = (moment: fc.Arbitrary<bigint>): fc.Arbitrary<Interval[]> =>
  fc.array(moment, { maxLength: 10 }).map((moments) => {
    const bounds = moments.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const list: Interval[] = [];
    for (let i = 0; i + 1 < bounds.length; i += 2) list.unshift({ from: bounds[i] ?? 0n, until: bounds[i + 1] ?? 0n });
    return list.filter(({ from, until }) => from < until);
  });

/** The seconds of [from, until) in no interval: bounds cut the time into pieces, each wholly in or out of an interval. */
function secondsOutside(all: readonly Interval[], from: bigint, until: bigint): bigint {
  const bounds = [from, until, ...all.flatMap((one) => [one.from, one.until])].filter((b) => b >= from && b <= until);
  const cuts = [...new Set(bounds)].sort((a, b) => (a < b ? -1 : 1));
  return cuts.reduce((total, cut, i) => {
    const end = cuts[i + 1];
    const covered = end === undefined || all.some((one) => one.from <= cut && end <= one.until);
    return covered ? total : total + end - cut;
  }, 0n);
}

const read = async (method: string, ...args: unknown[]): Promise<Interval[]> =>
  (await harness.getFunction(method)(...args)).map(([from, until]: [bigint, bigint]) => ({ from, until }));

describe('seconds outside of all outages', () => {
  for (const [name, moment, seed] of [
    ['close together', close, 1],
    ['anywhere', anywhere, 2],
  ] as const) {
    test(`are those of the model: ${name}`, async () => {
      const cases = fc.tuple(outages(moment), outages(moment), moment, moment);
      const property = fc.asyncProperty(cases, async ([one, other, from, until]) => {
        const union = await read('union', one, other);
        const expected = until > from ? secondsOutside([...one, ...other], from, until) : 0n;
        expect(await harness.getFunction('secondsOutside')(union, from, until)).toBe(expected);
        // the latest first, with time between one and the next
        for (const [i, { from: begin, until: end }] of union.entries()) {
          expect(begin < end && (i === 0 || end < (union[i - 1]?.from ?? 0n))).toBe(true);
        }
      });
      await fc.assert(property, { numRuns: 200, seed });
    });
  }

  test('are all of them without an outage, and none in one that lasts', async () => {
    const outside = harness.getFunction('secondsOutside');
    expect(await outside([], 0n, NEVER)).toBe(NEVER);
    expect(await outside([{ from: 0n, until: NEVER }], 0n, NEVER)).toBe(0n);
    // two that meet, one within another, one across the end
    const meeting = [
      { from: 20n, until: 30n },
      { from: 10n, until: 20n },
    ];
    const apart = [
      { from: 90n, until: 200n },
      { from: 12n, until: 13n },
    ];
    const union = [
      { from: 90n, until: 200n },
      { from: 10n, until: 30n },
    ];
    expect(await read('union', meeting, apart)).toEqual(union);
    expect(await outside(union, 0n, 100n)).toBe(70n);
  });

  test('cost gas that grows with the number of outages and not with its square', async () => {
    const list = (count: number, shift: bigint): Interval[] =>
      Array.from({ length: count }, (_, i) => {
        const from = BigInt(count - i) * 100n + shift;
        return { from, until: from + 20n };
      });
    const gas = (count: number): Promise<bigint> =>
      harness.getFunction('union').estimateGas(list(count, 0n), list(count, 50n));
    const [few, many] = [await gas(50), await gas(200)];
    expect(many).toBeLessThan(5n * few);
  });
});

/** What happens to a source in one second: `up` with the time it lasts, `down` for zero. */
interface Moment {
  /** seconds since the one before */
  readonly wait: number;
  readonly calls: readonly bigint[];
}

describe('a log of outages', () => {
  const moments = fc.array(
    fc.record({
      wait: fc.integer({ min: 1, max: 12 }),
      calls: fc.array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n })), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  /**
   * The seconds from `start` to `end` at which the source is down: what was called last says so. All before there was ever a
   * root; once there is one, none before it.
   */
  function downAt(start: bigint, end: bigint, history: readonly { time: bigint; lasts: bigint }[]): Set<bigint> {
    const first = history.find(({ lasts }) => lasts > 0n);
    const down = new Set<bigint>();
    for (let second = start; second < end; ++second) {
      const last = history.findLast(({ time }) => time <= second);
      if (first === undefined) down.add(second);
      else if (last !== undefined && second >= first.time && second >= last.time + last.lasts) down.add(second);
    }
    return down;
  }

  test('tells the seconds at which the source was down, the latest first', async () => {
    let now = START;
    const property = fc.asyncProperty(moments, fc.integer({ min: 1, max: 15 }), async (list: Moment[], rest) => {
      const name = log++;
      const start = now + 1n;
      const history: { time: bigint; lasts: bigint }[] = [];
      for (const { wait, calls } of list) {
        now += BigInt(wait);
        await chain.provider.send('evm_setNextBlockTimestamp', [Number(now)]);
        await (
          await harness.getFunction('run')(
            name,
            calls.map((lasts) => lasts && now + lasts),
          )
        ).wait();
        history.push(...calls.map((lasts) => ({ time: now, lasts })));
      }
      now += BigInt(rest);
      await chain.provider.send('evm_setNextBlockTimestamp', [Number(now)]);
      await chain.provider.send('evm_mine', []);
      const down = downAt(start, now, history);
      for (const from of [start, (start + now) / 2n, now - 1n]) {
        const found: Interval[] = (await harness.getFunction('since')(name, from)).map(
          ([begin, end]: [bigint, bigint]) => ({ from: begin, until: end }),
        );
        for (let second = from; second < now; ++second) {
          const told = found.some((one) => one.from <= second && second < one.until);
          expect([second, told]).toEqual([second, down.has(second)]);
        }
        for (const [i, one] of found.entries()) {
          expect(one.from < one.until && one.until > from).toBe(true);
          const later = found[i - 1];
          expect(later === undefined || one.until <= later.from).toBe(true);
        }
      }
    });
    await fc.assert(property, { numRuns: 60, seed: 3 });
  });

  test('of a source that posts in time holds nothing', async () => {
    const name = log++;
    const first = BigInt((await chain.provider.getBlock('latest'))?.timestamp ?? 0) + 10n;
    for (let time = first; time < first + 50n; time += 10n) {
      await chain.provider.send('evm_setNextBlockTimestamp', [Number(time)]);
      // the second in which it ends is the one in which it goes on
      await (await harness.getFunction('run')(name, [time + 10n])).wait();
    }
    expect((await harness.getFunction('since')(name, first)).toArray()).toEqual([]);
  });
});
