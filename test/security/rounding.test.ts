import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { requireClaim } from '../../src/margin/explain.js';
import { circuitInput } from '../../src/margin/families.js';
import { VALUE_DECIMALS } from '../../src/protocol/constants.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { ATTACKED, CRUMB, REQUEST, statementOf } from './support/attackedFamilies.js';
import { expectRefusedOnlyAt } from './support/lies.js';

// A threshold that is compared after a division, or with the wrong one of < and <=, lets an account pass that lacks less
// than a unit, or refuses one that has just enough. Here both sides are multiplied out: equality is solvent, one unit of
// 1e-22 quote less is not, in the library as in every circuit.

/** 1e-22 quote, which a unit of CRUMB counts. */
const CRUMB_DECIMALS = 22;

describe.each(ATTACKED)('$family', (family) => {
  const { table, positions, cash, capacity } = family;
  const bare = evaluate({ collateral: [], positions }, table);
  const crumb = 10n ** BigInt(bare.decimals - CRUMB_DECIMALS);
  const unitOfCash = 10n ** BigInt(bare.decimals) / cash;
  const unitOfFloor = 10n ** BigInt(bare.decimals - VALUE_DECIMALS);
  /** The account that lies this many crumbs above its requirement. */
  const atThreshold = (slack: bigint): Holdings => {
    const missing = bare.requirement - bare.weightedEquity + slack * crumb;
    // cash may be owed; crumbs are not, since a debt counts in full
    const owed = missing % unitOfCash < 0n ? 1n : 0n;
    const amount = missing / unitOfCash - owed;
    const collateral = [
      { assetId: 1, amount },
      { assetId: CRUMB, amount: (missing - amount * unitOfCash) / crumb },
    ];
    return { collateral: collateral.filter(({ amount }) => amount !== 0n), positions };
  };
  const floorOf = (holdings: Holdings): bigint => evaluate(holdings, table).weightedEquity / unitOfFloor;

  it('equality is solvent, and the least unit less is not: evaluate', () => {
    for (const slack of [-1n, 0n, 1n]) {
      const figures = evaluate(atThreshold(slack), table);
      expect(figures.weightedEquity - figures.requirement).toBe(slack * crumb);
      const claim = (thresholdBps: bigint) => () => requireClaim(figures, { ...REQUEST, thresholdBps });
      const insolvent = expect.objectContaining({ code: 'INSOLVENT' });
      if (slack < 0n) expect(claim(10_000n)).toThrow(insolvent);
      else expect(claim(10_000n)()).toBeUndefined();
      expect(claim(10_001n)).toThrow(insolvent);
      expect(claim(9_999n)()).toBeUndefined();
    }
  });

  it('equity at the floor is enough, and less than a unit below it is not: evaluate', () => {
    const exact = { collateral: [{ assetId: 1, amount: 7n }], positions: [] };
    const figures = evaluate(exact, table);
    const floor = figures.weightedEquity / unitOfFloor;
    expect(floor * unitOfFloor).toBe(figures.weightedEquity);
    expect(requireClaim(figures, { ...REQUEST, equityFloor: floor })).toBeUndefined();
    const below = expect.objectContaining({ code: 'BELOW_FLOOR' });
    expect(() => requireClaim(figures, { ...REQUEST, equityFloor: floor + 1n })).toThrow(below);
    const less = evaluate(
      {
        collateral: [
          { assetId: 1, amount: 7n },
          { assetId: CRUMB, amount: -1n },
        ],
        positions: [],
      },
      table,
    );
    expect(less.weightedEquity).toBeLessThan(figures.weightedEquity);
    expect(() => requireClaim(less, { ...REQUEST, equityFloor: floor })).toThrow(below);
  });

  describe('the circuit', () => {
    let circuit: TestCircuit;
    beforeAll(async () => {
      circuit = await compileForTest(family.source);
    });
    const witnessOf = (holdings: Holdings, equityFloor = 0n) =>
      circuit.witness(
        circuitInput(statementOf(family, holdings, { ...REQUEST, equityFloor }), capacity).signals as Record<
          string,
          unknown
        >,
      );

    it('equality is solvent, at the largest floor as well', async () => {
      expectAccepted(circuit, await witnessOf(atThreshold(0n), floorOf(atThreshold(0n))));
    });

    it('the threshold minus the least unit is refused, and for nothing else', async () => {
      expectRefusedOnlyAt(circuit, await witnessOf(atThreshold(-1n)), [/solvency\.ratio\./]);
    });

    it('a floor of one unit more is refused, and for nothing else', async () => {
      const holdings = atThreshold(0n);
      expectRefusedOnlyAt(circuit, await witnessOf(holdings, floorOf(holdings) + 1n), [/solvency\.floor\./]);
    });
  });
});
