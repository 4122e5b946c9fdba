import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commitAccounts } from '../../src/account/accountTree.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { quantizedInput, quantizedSignals } from '../../src/quantized/quantizedInput.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { representDydx } from '../../src/venues/dydx/adapter.js';
import {
  type DydxAccount,
  type DydxPosition,
  isInitialCollateralized,
  isMaintenanceCollateralized,
  riskOf,
} from '../../src/venues/dydx/model.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, OWNER_SECRET } from '../support/market.js';

// The venue's own rules in its own integers share nothing with circuit and twin: what they refuse, the circuit refuses, and
// where nothing had to be rounded on the way both say the same.

const CAPACITY = { positions: 3, assets: 1 };
const CLAIMS = ['maintenance', 'initial'] as const;
type Claim = (typeof CLAIMS)[number];

const ppm = fc.oneof(fc.constantFrom(0n, 1n, 1_000_000n), fc.bigInt({ min: 0n, max: 1_000_000n }));
const sized = (bits: number) =>
  fc.integer({ min: 1, max: bits }).chain((width) => fc.bigInt({ min: 1n, max: (1n << BigInt(width)) - 1n }));
const signed = (bits: number) => fc.tuple(sized(bits), fc.boolean()).map(([value, minus]) => (minus ? -value : value));

/** Whether marks and indices have as many decimals as an account leaf and a table share, or more. */
const position = (perpetual: string, fine: boolean): fc.Arbitrary<DydxPosition> =>
  fc
    .record({
      quantums: signed(fine ? 40 : 44),
      fundingIndex: signed(30),
      indexNow: signed(30),
      price: sized(32),
      exponent: fine ? fc.bigInt({ min: -9n, max: -6n }) : fc.bigInt({ min: -6n, max: -3n }),
      atomicResolution: fine ? fc.bigInt({ min: -13n, max: -10n }) : fc.bigInt({ min: -10n, max: -8n }),
      openInterest: sized(50),
      initialMarginPpm: ppm,
      maintenanceFractionPpm: ppm,
      caps: fc.tuple(sized(40), sized(40)),
      customImfPpm: fc.oneof(fc.constant(0n), ppm),
    })
    .map(({ quantums, fundingIndex, indexNow, customImfPpm, caps: [lower, width], ...market }) => ({
      perpetual,
      quantums,
      fundingIndex,
      customImfPpm,
      market: {
        ...market,
        fundingIndex: indexNow,
        openInterestLowerCap: lower,
        openInterestUpperCap: lower + width,
      },
    }));

const positions = (fine: boolean): fc.Arbitrary<readonly DydxPosition[]> =>
  fc
    .subarray(['A', 'B', 'C'], { minLength: 1 })
    .chain((perpetuals) => fc.tuple(...perpetuals.map((perpetual) => position(perpetual, fine))));

/** The account with the balance that leaves it `slack` quantums above its margin. */
function withSlack(held: readonly DydxPosition[], claim: Claim, slack: bigint): DydxAccount {
  const { equity, initialMargin, maintenanceMargin } = riskOf({ usdc: 0n, positions: held });
  return { usdc: (claim === 'initial' ? initialMargin : maintenanceMargin) - equity + slack, positions: held };
}

const isSafe = (account: DydxAccount, claim: Claim): boolean =>
  claim === 'initial' ? isInitialCollateralized(riskOf(account)) : isMaintenanceCollateralized(riskOf(account));

function judge(account: DydxAccount, claim: Claim) {
  const { snapshot, holdings } = representDydx(account, claim);
  const table = buildRiskTable(snapshot);
  const { weightedEquity, requirement } = evaluate(holdings, table);
  return { table, holdings, exact: snapshot.roundings.length === 0, accepted: weightedEquity >= requirement };
}

const claims = fc.constantFrom(...CLAIMS);
const slacks = fc.oneof(fc.constantFrom(-1n, 0n, 1n), fc.bigInt({ min: -100n, max: 100n }));

describe('the twin', () => {
  it('says what the venue says, to the quantum, of every account that a leaf holds exactly', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(positions(false), claims, slacks, (held, claim, slack) => {
        const account = withSlack(held, claim, slack);
        const { exact, accepted } = judge(account, claim);
        expect(exact).toBe(true);
        expect(accepted).toBe(isSafe(account, claim));
        expect(accepted).toBe(slack >= 0n);
        seen[accepted ? 'accepted' : 'refused']++;
      }),
      { seed: 20421, numRuns: 300 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(60);
  });

  it('never accepts what the venue refuses, whatever was rounded on the way', () => {
    let rounded = 0;
    fc.assert(
      fc.property(positions(true), claims, slacks, (held, claim, slack) => {
        const account = withSlack(held, claim, slack);
        const { exact, accepted } = judge(account, claim);
        if (!exact) rounded++;
        if (accepted) expect(isSafe(account, claim)).toBe(true);
        if (exact) expect(accepted).toBe(isSafe(account, claim));
      }),
      { seed: 20422, numRuns: 300 },
    );
    expect(rounded).toBeGreaterThan(100);
  });
});

describe('the circuit', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'quantized/quantizedMargin.circom',
      template: 'QuantizedMargin',
      parameters: [CAPACITY.positions, CAPACITY.assets],
      publicSignals: PUBLIC_SIGNALS,
    });
  });

  it('says what the venue says a quantum below the margin, on it and above', async () => {
    await fc.assert(
      fc.asyncProperty(positions(false), claims, fc.constantFrom(-1n, 0n, 1n), async (held, claim, slack) => {
        const account = withSlack(held, claim, slack);
        const { table, holdings } = judge(account, claim);
        const [holder] = commitAccounts([accountOf(holdings)], {
          venueId: venueId(table.snapshot.registry),
          registryHash: registryHash(table.snapshot.registry),
          time: 1n,
        });
        const input = quantizedInput(
          {
            account: holder as NonNullable<typeof holder>,
            ownerSecret: OWNER_SECRET,
            table,
            request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n },
          },
          CAPACITY,
        );
        const accepted = accepts(circuit, await circuit.witness(quantizedSignals(input)));
        expect(accepted).toBe(isSafe(account, claim));
        expect(accepted).toBe(slack >= 0n);
      }),
      { seed: 20423, numRuns: 40 },
    );
  });
});
