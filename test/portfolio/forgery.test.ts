import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { commitAccounts } from '../../src/account/accountTree.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { gapsOf } from '../../src/numbers/idSlots.js';
import type { ExpiryRowFields } from '../../src/portfolio/expiryRow.js';
import { portfolioInput, portfolioSignals } from '../../src/portfolio/portfolioInput.js';
import type { PortfolioMarginInput } from '../../src/portfolio/portfolioMargin.js';
import {
  type ContractFields,
  type PortfolioRowFields,
  portfolioRowElements,
} from '../../src/portfolio/portfolioRow.js';
import { BITS, FIELD_ORDER, MAX_ASSETS, PORTFOLIO, PUBLIC_SIGNALS, WIDTHS } from '../../src/protocol/constants.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { buildRiskTable, findRow, openRow, type RiskTable } from '../../src/risk/riskTable.js';
import type { RowOpening } from '../../src/risk/tableLookup.js';
import type { TableRowFields } from '../../src/risk/tableRow.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { PortfolioInstrument, PortfolioSnapshot, Scenario } from '../../src/snapshot/snapshot.js';
import {
  brokenBy,
  type Calculator,
  compileForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { compileLiar, type HintLie } from '../support/liar.js';
import { accountOf, OWNER_SECRET, rootOf } from '../support/market.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie, for an account one
// smallest unit of cash short of its requirement. Only the component that the lie is about may refuse it: without its
// constraint the false statement would pass.
//
// Most of what a prover may lie about are hints, which the circuit computes itself. The liar below is the same circuit
// with other right-hand sides of `<--`: it has the same signals and constraints, and lies where it is told to by figures
// that stand in the account, the table or the scope.

const CAPACITY = { positions: 4, assets: 2, expiries: 3, underlyings: 2, blocks: 0 };
const INSTANCE: CircuitSource = {
  file: 'portfolio/portfolioMargin.circom',
  template: 'PortfolioMargin',
  parameters: [CAPACITY.positions, CAPACITY.assets, CAPACITY.expiries, CAPACITY.underlyings],
  publicSignals: PUBLIC_SIGNALS,
};

/** Scenarios that are not absolute. */
const PLAIN = 30;
/** Expiries and underlyings that the liar does not put where they belong, by their ids. */
const EXPIRY = {
  hedged: 4,
  leftOut: 5,
  inFirstSlot: 6,
  inLastSlot: 7,
  doubled: 8,
} as const;
const UNDERLYING = { leftOut: 3, inFirstSlot: 5 } as const;
/** Charges of expiries whose absolute change the liar understates. */
const CHARGE = { noChange: 1001n, gain: 1002n, roundedDown: 1003n } as const;
/** Weights of the last plain scenario, 1e-9: how the liar understates the worst loss. */
const WEIGHT = { nothing: 1n, less: 2n, withoutBasis: 3n, negative: 4n } as const;
/** Ten units of cash, 1e-34 quote. */
const SOME_UNITS = 10n ** 27n;
/** Sums that the liar splits with a wrong sign. */
const SPLIT = {
  wrapped: -1_500_000_000_000_010_000n,
  gain: -1_500_000_000_000_020_000n,
  signOfTwo: -1_500_000_000_000_030_000n,
} as const;
const NAKED = -7_770_000n;
/** Size of a position that the liar joins with the one before it. */
const JOINED = 12_340_000n;
/** A sum over an expiry of what the narrowing basis changes, for which the liar says that there is no loss. */
const NO_BASIS = 313_370_000n;
/** Scopes in which the liar lies of all slots. */
const SCOPE = {
  honest: 5n,
  nets: 901n,
  netsNot: 902n,
  paddingNets: 903n,
  nothingMoves: 904n,
  everythingMoves: 905n,
  noPerpetual: 906n,
  perpetuals: 907n,
  perpetualsBelowZero: 908n,
  elsewhere: 909n,
} as const;

/** A conditional expression of the circuit's language, in which conditionals nest only in brackets. */
const choose = (cases: readonly (readonly [when: string, value: string])[], otherwise: string): string =>
  cases.reduceRight((rest, [when, value]) => `((${when}) ? (${value}) : ${rest})`, `(${otherwise})`);
const named = (expiryId: number, underlyingId: number) => `name == ${2 * expiryId} || name == ${underlyingId}`;
const NETTING = 'owned.positionUsed[k] * positionRow[k].group & 1';
const MOVING = 'owned.collateralUsed[a] == 1 && collateralRow[a].extension != 0';
const NEIGHBOURS = 'netting[k] == 1 && id[k] == id[k - 1] + 1 && join[k - 1] == 0';

const LIES: readonly HintLie[] = [
  [
    'numbers/membership.circom',
    'belongs == 1 && name == id[j] ? 1 : 0',
    choose(
      [
        ['belongs != 1', '0'],
        [named(EXPIRY.leftOut, UNDERLYING.leftOut), '0'],
        // a name of 0 is that of collateral which stands still
        [`${named(EXPIRY.inFirstSlot, UNDERLYING.inFirstSlot)} || name == 0`, choose([['j == 0', '1']], '0')],
        [`name == ${2 * EXPIRY.inLastSlot}`, choose([['j == N - 1', '1']], '0')],
        [`name == ${2 * EXPIRY.doubled} && name == id[j]`, '2'],
        [`name == ${2 * EXPIRY.doubled} && j == N - 1`, '-1'],
        ['name == id[j]', '1'],
      ],
      '0',
    ),
  ],
  [
    'numbers/signSplit.circom',
    'in < 0 ? 1 : 0',
    choose(
      [
        [`in == ${SPLIT.wrapped} || in == ${SPLIT.gain} || in == ${NAKED}`, '0'],
        [`in == ${SPLIT.signOfTwo}`, '2'],
        ['in < 0', '1'],
      ],
      '0',
    ),
  ],
  [
    'numbers/signSplit.circom',
    'in < 0 ? -in : in',
    choose(
      [
        [`in == ${SPLIT.wrapped}`, 'in'],
        [`in == ${SPLIT.signOfTwo}`, `${-SPLIT.signOfTwo / 3n}`],
        ['in < 0', '-in'],
      ],
      'in',
    ),
  ],
  [
    'portfolio/nakedShorts.circom',
    `${NEIGHBOURS} ? 1 : 0`,
    choose(
      [
        [`size[k] == ${JOINED}`, '1'],
        [NEIGHBOURS, '1'],
      ],
      '0',
    ),
  ],
  [
    'portfolio/expiryChange.circom',
    '-lowest > highest ? -lowest : highest',
    choose(
      [
        [`row.charge == ${CHARGE.noChange}`, '0'],
        [`row.charge == ${CHARGE.gain}`, '-highest'],
        [`row.charge == ${CHARGE.roundedDown}`, 'lowest'],
        ['-lowest > highest', '-lowest'],
      ],
      'highest',
    ),
  ],
  ['portfolio/basisLoss.circom', 'loss <-- worst', `loss <-- ${choose([[`down == ${NO_BASIS}`, '0']], 'worst')}`],
  [
    'portfolio/worstLoss.circom',
    'loss <-- worst',
    `var bare = 0;
    for (var s = 0; s < count; s++) {
        if (FINE_SCALE() * floor[s] - weighted[s] > bare) bare = FINE_SCALE() * floor[s] - weighted[s];
    }
    var code = scenarios.weight[${PLAIN - 1}];
    loss <-- ${choose(
      [
        [`code == ${WEIGHT.nothing}`, '0'],
        // where there is a loss: below zero another check refuses it
        [`code == ${WEIGHT.less} && worst > 0`, `worst - ${SOME_UNITS}`],
        [`code == ${WEIGHT.withoutBasis}`, 'bare'],
        [`code == ${WEIGHT.negative}`, `${-SOME_UNITS}`],
      ],
      'worst',
    )}`,
  ],
  [
    'portfolio/portfolioMargin.circom',
    NETTING,
    choose(
      [
        [`scope == ${SCOPE.nets}`, 'owned.positionUsed[k]'],
        [`scope == ${SCOPE.netsNot}`, '0'],
        [`scope == ${SCOPE.paddingNets} && owned.positionUsed[k] == 0`, '1'],
        [`scope == ${SCOPE.elsewhere} && owned.positionUsed[k] == 1`, `positionRow[k].group - ${2 * EXPIRY.hedged}`],
      ],
      NETTING,
    ),
  ],
  [
    'portfolio/portfolioMargin.circom',
    `${MOVING} ? 1 : 0`,
    choose(
      [
        [`scope == ${SCOPE.nothingMoves}`, '0'],
        [`scope == ${SCOPE.everythingMoves}`, 'owned.collateralUsed[a]'],
        [MOVING, '1'],
      ],
      '0',
    ),
  ],
  [
    'portfolio/portfolioMargin.circom',
    'held == 0 ? 0 : 1',
    choose(
      [
        [`scope == ${SCOPE.noPerpetual}`, '0'],
        [`scope == ${SCOPE.perpetuals}`, '1'],
        [`scope == ${SCOPE.perpetualsBelowZero}`, '-1'],
        ['held == 0', '0'],
      ],
      '1',
    ),
  ],
];

let circuit: TestCircuit;
let liar: Calculator;
beforeAll(async () => {
  circuit = await compileForTest(INSTANCE);
  liar = await compileLiar(circuit, INSTANCE, LIES);
});

// The market: every contract is worth 100, 50 and 150 in the two scenarios that count, -10 in the absolute one.
const FINE = 10n ** 9n;
const PRICE = 10n ** 12n; // one quote unit for a size with 4 decimals
const CONTRACT = 10n ** 4n;
const UNDERLYINGS = Array.from({ length: 8 }, (_, u) => `U${u + 1}`);

const expiry = (
  id: number,
  underlying: number,
  change: Partial<PortfolioSnapshot['expiries'][number]> = {},
): PortfolioSnapshot['expiries'][number] => ({
  name: `E${id}`,
  underlying: underlying - 1,
  perpetual: false,
  amountDecimals: 4,
  positiveDiscount: [900_000_000n, 900_000_001n],
  negativeDiscount: [1_100_000_000n, 1_100_000_001n],
  charge: PRICE / 100n,
  chargeWithPerpetual: PRICE,
  ...change,
});
const EXPIRIES = [
  expiry(1, 1),
  expiry(2, 1),
  expiry(3, 1),
  expiry(4, 1, { perpetual: true, positiveDiscount: [FINE, FINE], negativeDiscount: [FINE, FINE] }),
  expiry(EXPIRY.leftOut, 1),
  expiry(EXPIRY.inFirstSlot, 1),
  expiry(EXPIRY.inLastSlot, 1),
  expiry(EXPIRY.doubled, 1),
  expiry(9, 2),
  expiry(10, UNDERLYING.leftOut),
  expiry(11, UNDERLYING.inFirstSlot),
  expiry(12, 1),
  expiry(13, 1, { charge: CHARGE.noChange }),
  expiry(14, 1, { charge: CHARGE.gain }),
  expiry(15, 1, { charge: CHARGE.roundedDown }),
  expiry(16, UNDERLYING.inFirstSlot, { perpetual: true }),
] as const;

const NOTHING: Scenario = { weight: 0n, shock: 0n, floorWeight: 0n };
const values = (down: bigint, up: bigint, calm: bigint) => [
  ...[down, up],
  ...Array<bigint>(PLAIN - 2).fill(100n * PRICE),
  calm,
  100n * PRICE,
];

const contract = (expiryId: number, k: number, change: Partial<PortfolioInstrument> = {}): PortfolioInstrument => ({
  instrumentId: idOf(expiryId, k),
  price: 100n * PRICE,
  expiry: expiryId - 1,
  nets: false,
  up: 2n * PRICE,
  down: -PRICE,
  nakedCharge: 3n * PRICE,
  floorCharge: PRICE,
  values: values(50n * PRICE, 150n * PRICE, 90n * PRICE),
  ...change,
});
/** Id of contract k of an expiry: 0 to 3 are call, put, call, put of two strikes, 4 and 5 stand on their own. */
const idOf = (expiryId: number, k: number): number => 100 * expiryId + k;

const contracts = (special: readonly PortfolioInstrument[]): readonly PortfolioInstrument[] =>
  EXPIRIES.flatMap(({ perpetual }, e) =>
    Array.from({ length: 6 }, (_, k) => contract(e + 1, k, { nets: !perpetual && (k === 1 || k === 3) })),
  ).map((each) => special.find(({ instrumentId }) => instrumentId === each.instrumentId) ?? each);

const registry: Registry = {
  venue: 'forgeries',
  version: 1,
  quote: 'USD',
  entries: [
    ...[1, 2, 3, 4].map((id) => ({
      id,
      symbol: `A${id}`,
      kind: 'asset' as const,
      amountDecimals: id === 1 ? 8 : 4,
    })),
    ...contracts([]).map(({ instrumentId, expiry: place }) => ({
      id: instrumentId,
      symbol: `I${instrumentId}`,
      kind: EXPIRIES[place]?.perpetual ? ('perpetual' as const) : ('option' as const),
      settleAsset: 1,
      amountDecimals: 4,
    })),
  ],
};
const asset = (assetId: number, underlying: number | null) => ({
  assetId,
  price: assetId === 1 ? 10n ** 8n : 100n * PRICE,
  ladder: [{ valueCap: null, factor: 1_000_000n }],
  underlying: underlying === null ? null : underlying - 1,
});

function marketOf(special: readonly PortfolioInstrument[] = [], code = 0n, floorWeight = 0n): RiskTable {
  return buildRiskTable({
    registry,
    model: {
      family: 'portfolio',
      version: 1,
      claim: 'maintenance',
      haircuts: 'marginal',
      scenarios: [
        { weight: FINE, shock: -FINE / 2n, floorWeight: 0n },
        { weight: FINE, shock: FINE / 2n, floorWeight },
        ...Array<Scenario>(PLAIN - 3).fill(NOTHING),
        { weight: code, shock: 0n, floorWeight: 0n },
      ],
      absoluteScenarios: [{ weight: FINE, shock: 0n, floorWeight: 0n }, NOTHING],
    },
    time: 1_760_000_000,
    underlyings: UNDERLYINGS,
    assets: [asset(1, null), asset(2, 1), asset(3, UNDERLYING.leftOut), asset(4, UNDERLYING.inFirstSlot)],
    expiries: EXPIRIES,
    instruments: contracts(special),
    roundings: [],
  });
}
const MARKET = marketOf([contract(1, 5, { nakedCharge: 0n })]);

/** Sizes in whole contracts, or in units where they are given so. */
const held = (
  sizes: readonly (readonly [expiryId: number, k: number, size: number | bigint])[],
  others: Holdings['collateral'] = [],
): Holdings => ({
  collateral: others,
  positions: sizes.map(([expiryId, k, size]) => ({
    instrumentId: idOf(expiryId, k),
    size: typeof size === 'bigint' ? size : BigInt(size) * CONTRACT,
    cost: 0n,
  })),
});

/** With cash that brings the equity to `slack` units of cash above the least that is solvent. */
function withCash(holdings: Holdings, table: RiskTable, slack: bigint): Holdings {
  const unit = 10n ** 26n; // 1e-8 quote
  const { weightedEquity, requirement } = evaluate(holdings, table);
  const missing = requirement - weightedEquity;
  const least = missing / unit + (missing > 0n && missing % unit !== 0n ? 1n : 0n);
  return { ...holdings, collateral: [{ assetId: 1, amount: least + slack }, ...holdings.collateral] };
}

function inputOf(holdings: Holdings, table: RiskTable, scope: bigint = SCOPE.honest): PortfolioMarginInput {
  const [account] = commitAccounts([accountOf(holdings)], rootOf(registry));
  if (account === undefined) throw new Error('there is no account');
  const request = { thresholdBps: 10_000n, equityFloor: 0n, scope, context: 6n };
  return portfolioInput({ account, ownerSecret: OWNER_SECRET, table, request }, CAPACITY);
}

const expiryOpening = (id: number, table = MARKET) => openRow<ExpiryRowFields>(table, findRow(table, 'expiry', id, 0n));
const contractOpening = (id: number, table = MARKET) =>
  openRow<ContractFields>(table, findRow(table, 'instrument', id, 0n));

type Contract = RowOpening<ContractFields>;
type Expiry = RowOpening<ExpiryRowFields>;
type Asset = RowOpening<TableRowFields>;

/** The input with another row of a contract, another row of an expiry, at the same place of the table. */
const withContract = (
  input: PortfolioMarginInput,
  slot: number,
  change: (row: PortfolioRowFields) => PortfolioRowFields,
): PortfolioMarginInput => ({
  ...input,
  contracts: input.contracts.map((opening, k) =>
    k === slot ? { ...opening, row: { ...opening.row, row: change(opening.row.row) } } : opening,
  ),
});
const withExpiryRow = (
  input: PortfolioMarginInput,
  slot: number,
  change: (row: ExpiryRowFields) => ExpiryRowFields,
): PortfolioMarginInput => ({
  ...input,
  expiries: input.expiries.map((opening, e) => (e === slot ? { ...opening, row: change(opening.row) } : opening)),
});
const withValues = (input: PortfolioMarginInput, slot: number, given: readonly bigint[]): PortfolioMarginInput => ({
  ...input,
  contracts: input.contracts.map((opening, k) =>
    k === slot
      ? { ...opening, row: { ...opening.row, values: Array.from({ length: 32 }, (_, s) => given[s] ?? 0n) } }
      : opening,
  ),
});

/** The input with these ids in its slots of expiries. */
const withExpiries = (input: PortfolioMarginInput, ids: readonly number[]): PortfolioMarginInput => ({
  ...input,
  expiryCount: BigInt(ids.length),
  expiryGap: gaps(ids, CAPACITY.expiries),
  expiries: input.expiries.map((_, e) => expiryOpening(ids[e] ?? 1)),
});
const withUnderlyings = (input: PortfolioMarginInput, ids: readonly number[]): PortfolioMarginInput => ({
  ...input,
  underlyingCount: BigInt(ids.length),
  underlyingGap: gaps(ids, CAPACITY.underlyings),
});
/** Gaps of ids in any order: those that do not rise wrap around the field. */
const gaps = (ids: readonly number[], slots: number): readonly bigint[] =>
  gapsOf([], slots).map((_, k) => {
    const gap = k < ids.length ? BigInt((ids[k] as number) - (ids[k - 1] ?? 0) - 1) : 0n;
    return gap < 0n ? gap + FIELD_ORDER : gap;
  });

/** The signals of every constraint that the witness breaks. */
const brokenIn = (witness: Witness): readonly string[] => brokenBy(circuit, witness).map(({ all }) => all.join(' '));

/** The constraints refuse the witness, every one of them because of a signal of the component that the lie is about. */
function expectRefusedOnly(witness: Witness, where: RegExp): void {
  const broken = brokenIn(witness);
  expect(broken.length, 'the R1CS accepts a witness that it should refuse').toBeGreaterThan(0);
  for (const signals of broken) {
    expect(signals).toMatch(where);
    expect(signals, 'the statement is no better for the lie').not.toMatch(/solvency\.(ratio|floor)\./);
  }
}

interface Lie {
  readonly table?: RiskTable;
  readonly scope?: bigint;
  /** units of cash above the least that is solvent */
  readonly slack?: bigint;
  readonly change?: (input: PortfolioMarginInput) => PortfolioMarginInput;
}

/** The witness of the liar for an account that is by default one unit of cash short of its requirement. */
async function lieOf(
  holdings: Holdings,
  { table = MARKET, scope = SCOPE.honest, slack = -1n, change = (input) => input }: Lie,
): Promise<Witness> {
  const all = withCash(holdings, table, slack);
  const { weightedEquity, requirement } = evaluate(all, table);
  expect(weightedEquity >= requirement).toBe(slack >= 0n);
  return liar.witness(portfolioSignals(change(inputOf(all, table, scope))));
}

const expectLieRefused = async (holdings: Holdings, where: RegExp, lie: Lie = {}): Promise<void> =>
  expectRefusedOnly(await lieOf(holdings, lie), where);

describe('the liar', () => {
  it('is the same circuit: where it is told no lie it finds the honest witness', async () => {
    const input = inputOf(
      withCash(
        held([
          [1, 0, -1],
          [2, 4, 1],
        ]),
        MARKET,
        0n,
      ),
      MARKET,
    );
    const honest = await circuit.witness(portfolioSignals(input));
    expectAccepted(circuit, honest);
    expect(await liar.witness(portfolioSignals(input))).toEqual(honest);
  });
});

describe('positions and their expiries', () => {
  it('a losing position left out of every expiry: Membership', async () => {
    await expectLieRefused(held([[EXPIRY.leftOut, 4, -1]]), /inExpiry\[0\]/);
  });

  it('a position in the slot of another expiry, with better discounts: Membership', async () => {
    await expectLieRefused(
      held([
        [4, 4, 1],
        [EXPIRY.inFirstSlot, 4, -1],
      ]),
      /inExpiry\[1\]/,
    );
  });

  it('a position in a slot that is not used and belongs to no underlying: Membership', async () => {
    await expectLieRefused(held([[EXPIRY.inLastSlot, 4, -1]]), /inExpiry\[0\]/);
  });

  it('a hedge counted twice here and taken off where nothing counts: Membership', async () => {
    await expectLieRefused(
      held([
        [1, 4, -2],
        [EXPIRY.doubled, 4, 1],
      ]),
      /inExpiry\[1\]/,
    );
  });

  it('the expiry of a position in no slot at all: Membership', async () => {
    await expectLieRefused(
      held([
        [1, 4, 2],
        [EXPIRY.leftOut, 4, -1],
      ]),
      /inExpiry\[1\]/,
      {
        change: (input) => withExpiries(input, [1]),
      },
    );
  });

  it('the row of another expiry in a slot: TableLookup', async () => {
    await expectLieRefused(held([[1, 4, -1]]), /expiryRow\[0\]\.key/, {
      change: (input) => ({ ...input, expiries: [expiryOpening(4), ...input.expiries.slice(1)] }),
    });
  });

  it('two slots about one expiry, slots whose ids fall: IdSlots, and nothing else would mind', async () => {
    const twice = held([[EXPIRY.inFirstSlot, 4, -1]]);
    for (const ids of [
      [EXPIRY.inFirstSlot, EXPIRY.inFirstSlot],
      [EXPIRY.inFirstSlot, 2],
    ]) {
      const lie = { slack: 0n, change: (input: PortfolioMarginInput) => withExpiries(input, ids) };
      await expectLieRefused(twice, /expiryGap\[1\]/, lie);
    }
  });
});

describe('rows and figures that are not the table’s', () => {
  const cases: readonly (readonly [string, Holdings, RegExp, (input: PortfolioMarginInput) => PortfolioMarginInput])[] =
    [
      [
        'the row of another contract: TableLookup',
        held([[1, 4, -1]]),
        /positionRow\[0\]\.key/,
        (input) => ({ ...input, contracts: [contractOpening(idOf(1, 5)), ...input.contracts.slice(1)] }),
      ],
      [
        'a contract said to be of another expiry: the hash of its row',
        held([
          [1, 4, 1],
          [4, 4, -1],
        ]),
        /positionLookup\[1\]\.level\[0\]/,
        (input) => withContract(withExpiries(input, [1, 4]), 1, (row) => ({ ...row, group: 2n })),
      ],
      [
        'no charge for shorts: the hash of its row',
        held([[1, 4, -1]]),
        /positionLookup\[0\]\.level\[0\]\.own/,
        (input) => withContract(input, 0, (row) => ({ ...row, nakedCharge: 0n })),
      ],
      [
        'values of a contract that are not those hashed: ScenarioValuesHash',
        held([[1, 4, -1]]),
        /values(Low|High)\[0\]|positionRow\[0\]\.values/,
        (input) => withValues(input, 0, values(100n * PRICE, 100n * PRICE, 100n * PRICE)),
      ],
      [
        'the two halves of the values in each other’s place: ScenarioValuesHash',
        held([[1, 4, -1]]),
        /values(Low|High)\[0\]|positionRow\[0\]\.values/,
        (input) => {
          const own = contractOpening(idOf(1, 4)).row.values;
          return withValues(input, 0, [...own.slice(16), ...own.slice(0, 16)]);
        },
      ],
      [
        'an expiry of perpetuals said to be none: the hash of its row',
        held([
          [1, 4, 1],
          [4, 4, 1],
        ]),
        /expiryLookup\[1\]\.level\[0\]\.own/,
        (input) => withExpiryRow(input, 1, (row) => ({ ...row, perpetual: 0n })),
      ],
      [
        'perpetuals counted as minus one, to cancel others: the hash of its row',
        held([
          [1, 4, 1],
          [4, 4, 1],
        ]),
        /expiryLookup\[0\]\.level\[0\]\.own/,
        (input) => withExpiryRow(input, 0, (row) => ({ ...row, perpetual: FIELD_ORDER - 1n })),
      ],
      [
        'an expiry of another underlying: the hash of its row',
        held([
          [1, 4, 1],
          [9, 4, -1],
        ]),
        /expiryLookup\[1\]\.level\[0\]\.own/,
        (input) =>
          withUnderlyings(
            withExpiryRow(input, 1, (row) => ({ ...row, underlying: 1n })),
            [1],
          ),
      ],
      [
        'collateral that is said to move with nothing: the hash of its row',
        held([], [{ assetId: 2, amount: 3n * CONTRACT }]),
        /collateral\.lookup\[1\]\.level\[0\]\.own/,
        (input) => {
          const [cash, coin] = input.collateralRows as readonly [Asset, Asset];
          return { ...input, collateralRows: [cash, { ...coin, row: { ...coin.row, extension: 0n } }] };
        },
      ],
      [
        'scenarios of less weight: ScenariosHash and the risk root',
        held([[1, 4, -1]]),
        /riskRoot/,
        (input) => ({ ...input, scenarios: { ...input.scenarios, weight: input.scenarios.weight.map(() => 0n) } }),
      ],
      [
        'a shock turned round: ScenariosHash and the risk root',
        held([[1, 4, 1]], [{ assetId: 2, amount: 3n * CONTRACT }]),
        /riskRoot/,
        (input) => ({ ...input, scenarios: { ...input.scenarios, shock: input.scenarios.shock.map(() => 0n) } }),
      ],
    ];
  it.each(cases)('%s', async (_, holdings, where, change) => {
    await expectLieRefused(holdings, where, { change });
  });

  it('a contract’s row in a slot of expiries, which has as many fields: its tag', async () => {
    const { row, place } = contractOpening(idOf(1, 0));
    const [
      key,
      underlying,
      perpetual,
      positiveDown,
      positiveUp,
      negativeDown,
      negativeUp,
      charge,
      chargeWithPerpetual,
    ] = portfolioRowElements(row.row) as readonly bigint[] & { readonly length: 9 };
    const fields = {
      key,
      underlying,
      perpetual,
      positiveDown,
      positiveUp,
      negativeDown,
      negativeUp,
    } as ExpiryRowFields;
    const other = { row: { ...fields, charge, chargeWithPerpetual } as ExpiryRowFields, place };
    await expectLieRefused(held([[1, 4, -1]]), /expiryLookup\[1\]\.level\[0\]\.own/, {
      slack: 0n,
      change: (input) => ({ ...input, expiries: [input.expiries[0] as Expiry, other, ...input.expiries.slice(2)] }),
    });
  });

  it('any row of the table will do in a slot that is not used: it adds nothing', async () => {
    const coin = openRow<TableRowFields>(MARKET, findRow(MARKET, 'asset', 2, 0n));
    for (const slack of [-1n, 0n]) {
      const witness = await lieOf(held([[1, 4, -1]]), {
        slack,
        change: (input) => ({
          ...input,
          contracts: [input.contracts[0] as Contract, ...[1, 3, 5].map((k) => contractOpening(idOf(4, k)))],
          expiries: [input.expiries[0] as Expiry, expiryOpening(4), expiryOpening(16)],
          collateralRows: [input.collateralRows[0] as Asset, coin],
        }),
      });
      if (slack >= 0n) expectAccepted(circuit, witness);
      else expect(brokenIn(witness).join()).toMatch(/solvency\.ratio/);
    }
  });
});

describe('underlyings', () => {
  it('an expiry left out of every underlying: Membership', async () => {
    await expectLieRefused(held([[10, 4, -1]]), /inUnderlying\[0\]/);
  });

  it('losses of one underlying paid for by gains of another: Membership', async () => {
    await expectLieRefused(
      held([
        [1, 4, 1],
        [11, 4, -1],
      ]),
      /inUnderlying\[1\]/,
    );
  });

  it('two slots about one underlying, which could hide its perpetuals from its options: IdSlots', async () => {
    await expectLieRefused(
      held([
        [11, 4, 1],
        [16, 4, 1],
      ]),
      /underlyingGap\[1\]/,
      {
        slack: 0n,
        change: (input) => withUnderlyings(input, [UNDERLYING.inFirstSlot, UNDERLYING.inFirstSlot]),
      },
    );
  });

  it('collateral, and a debt, that move with an underlying and are said not to: its row', async () => {
    for (const amount of [3n * CONTRACT, -3n * CONTRACT]) {
      await expectLieRefused(held([], [{ assetId: 2, amount }]), /collateralRow\[1\]\.extension/, {
        scope: SCOPE.nothingMoves,
      });
    }
  });

  it('collateral left out of its underlying, or hedging another: Membership', async () => {
    await expectLieRefused(held([], [{ assetId: 3, amount: 3n * CONTRACT }]), /movesWith\[1\]/);
    await expectLieRefused(held([[1, 4, -1]], [{ assetId: 4, amount: CONTRACT }]), /movesWith\[1\]/);
  });

  it('cash that is said to move, as a hedge of what is short: Membership', async () => {
    await expectLieRefused(held([[1, 4, -1]]), /movesWith\[0\]/, { scope: SCOPE.everythingMoves });
  });

  it('cash that is said to move with nothing that anybody holds is the prover’s choice, and asks for more', async () => {
    const cash: Holdings = { collateral: [{ assetId: 1, amount: 10n ** 8n }], positions: [] };
    const input = inputOf(cash, MARKET, SCOPE.everythingMoves);
    const said = async (calculator: Calculator, thresholdBps: bigint) =>
      calculator.witness(portfolioSignals({ ...input, signals: { ...input.signals, thresholdBps } }));
    // one quote unit that halves in a scenario carries a ratio of two, one that stands still any
    expectAccepted(circuit, await said(circuit, 20_001n));
    expectAccepted(circuit, await said(liar, 20_000n));
    expect(brokenIn(await said(liar, 20_001n)).join()).toMatch(/solvency\.ratio/);
  });
});

describe('gains and losses', () => {
  const market = (change: Partial<PortfolioInstrument>, expiryId = 1, code = 0n, floorWeight = 0n) =>
    marketOf([contract(expiryId, 4, change)], code, floorWeight);

  it('values that are not those hashed in one half alone, the low or the high one: ScenarioValuesHash', async () => {
    await expectLieRefused(held([[1, 4, -1]]), /[vV]aluesLow/, {
      change: (input) => withValues(input, 0, values(100n * PRICE, 100n * PRICE, 90n * PRICE)),
    });
    await expectLieRefused(held([[1, 4, 1]]), /[vV]aluesHigh/, {
      table: market({ values: values(100n * PRICE, 100n * PRICE, 10n * PRICE) }),
      change: (input) => withValues(input, 0, values(100n * PRICE, 100n * PRICE, 100n * PRICE)),
    });
  });

  it.each([
    ['a loss that wraps to a gain at the other discount: its range', SPLIT.wrapped],
    ['a loss shown as a gain: its sign', SPLIT.gain],
    ['a sign of 2, which splits a loss over both discounts: its sign', SPLIT.signOfTwo],
  ])('%s in SignSplit', async (_, sum) => {
    const table = market({ values: values(100n * PRICE, -sum / CONTRACT, 100n * PRICE) });
    await expectLieRefused(held([[1, 4, -1]]), /expiryChange\[0\]\.value\[1\]/, { table });
  });

  it.each([
    ['no change at all', 13, 10n],
    ['a gain that counts as one', 14, 200n],
    ['a gain at the discount rounded down', 15, 200n],
  ])('in an absolute scenario, %s: ExpiryChange', async (_, expiryId, calm) => {
    const table = market({ values: values(100n * PRICE, 100n * PRICE, calm * PRICE) }, expiryId);
    await expectLieRefused(held([[expiryId, 4, 1]]), /expiryChange\[0\]/, { table });
  });

  it('no loss of a basis that only widens against the account: BasisLoss', async () => {
    const table = market({ up: -1000n * PRICE, down: NO_BASIS / CONTRACT });
    await expectLieRefused(held([[1, 4, 1]]), /basisLoss\[0\]/, { table });
  });

  it.each([
    ['no loss', WEIGHT.nothing, {}, 0n],
    ['a loss less than that of a scenario', WEIGHT.less, {}, 0n],
    ['a loss less than the floors', WEIGHT.less, { floorCharge: 1000n * PRICE }, FINE],
    ['a loss without that of the basis', WEIGHT.withoutBasis, { up: -1000n * PRICE }, 0n],
    ['a negative loss, where nothing is held', WEIGHT.negative, {}, 0n],
  ] as const)('%s: WorstLoss', async (_, code, change, floorWeight) => {
    const table = market(change, 1, code, floorWeight);
    await expectLieRefused(held([[1, 4, 1]]), /worstLoss\[\d\]/, { table });
  });
});

describe('charges', () => {
  it('perpetuals denied to leave options cheap: holdsPerpetual', async () => {
    await expectLieRefused(
      held([
        [1, 4, 1],
        [4, 4, 1],
      ]),
      /holdsPerpetual\[0\]/,
      { scope: SCOPE.noPerpetual },
    );
  });

  it('perpetuals claimed where there are none are the prover’s choice, and cost more', async () => {
    const options = held([[1, 4, 1]]);
    const dear = await lieOf(options, { scope: SCOPE.perpetuals, slack: 0n });
    expect(brokenIn(dear).join()).toMatch(/solvency\.ratio/);
    expectAccepted(circuit, await lieOf(options, { scope: SCOPE.perpetuals, slack: 10n ** 9n }));
  });

  it('perpetuals below zero, which a charge is less for', async () => {
    await expectLieRefused(held([[1, 4, -1]]), /holdsPerpetual\[[01]\]/, { scope: SCOPE.perpetualsBelowZero });
  });

  it('a position in the expiry of its hedge, by a flag that is the difference of both names', async () => {
    await expectLieRefused(
      held([
        [1, 4, -1],
        [EXPIRY.hedged, 4, 1],
      ]),
      /main\.netting\[/,
      { scope: SCOPE.elsewhere },
    );
  });

  it('neighbours that do not net said to, by the group of another name: Membership', async () => {
    await expectLieRefused(
      held([
        [3, 4, -1],
        [3, 5, 1],
      ]),
      /inExpiry\[[01]\]/,
      { scope: SCOPE.nets },
    );
  });

  it('a put said not to net, a slot of padding said to', async () => {
    const strike = held([
      [2, 0, -1],
      [2, 1, 1],
    ]);
    const slack = 10n ** 9n;
    await expectLieRefused(strike, /inExpiry\[1\]/, { scope: SCOPE.netsNot, slack });
    await expectLieRefused(strike, /netting\[[23]\]/, { scope: SCOPE.paddingNets, slack });
  });

  it('neighbours joined though the second does not net, and two strikes: NakedShorts', async () => {
    const size = JOINED;
    await expectLieRefused(
      held([
        [1, 4, -size],
        [1, 5, size],
      ]),
      /naked\.join|netting/,
    );
    await expectLieRefused(
      held([
        [1, 0, -size],
        [1, 3, size],
      ]),
      /naked\.join/,
    );
    // of two expiries
    await expectLieRefused(
      held([
        [1, 0, -size],
        [2, 1, size],
      ]),
      /naked\.join/,
    );
  });

  it('a short counted as long: SignSplit in NakedShorts', async () => {
    await expectLieRefused(held([[1, 4, NAKED]]), /naked\.net\[0\]/);
  });
});

test('in a chain of three, which no valid table has, the first would count nowhere: NakedShorts', async () => {
  const parameters = [3];
  const publicSignals = ['id', 'size', 'netting'];
  const shorts = await compileForTest({
    file: 'portfolio/nakedShorts.circom',
    template: 'NakedShorts',
    parameters,
    publicSignals,
  });
  const witness = await shorts.witness({
    id: [10n, 11n, 12n],
    size: [FIELD_ORDER - 5n, 0n, 7n],
    netting: [0n, 1n, 1n],
  });
  expectAccepted(shorts, witness);
  expect(shorts.outputs(witness)).toEqual({ 'main.naked[0]': 0n, 'main.naked[1]': 5n, 'main.naked[2]': 0n });
  const chain = shorts.edit(witness, { 'main.join[2]': 1n, 'main.naked[1]': 0n });
  expect(brokenBy(shorts, chain, 10)).toHaveLength(1);
  expectRejected(shorts, chain, /join\[1\].*join\[2\]|join\[2\].*join\[1\]/);
});

describe('wires', () => {
  const witnessOf = async (holdings: Holdings): Promise<Witness> => {
    const witness = await circuit.witness(portfolioSignals(inputOf(withCash(holdings, MARKET, 10n ** 9n), MARKET)));
    expectAccepted(circuit, witness);
    return witness;
  };
  const survivors = (witness: Witness, which: (value: bigint | 'any') => boolean) =>
    editEveryWire(circuit, witness)
      .filter(({ value }) => which(value))
      .map(({ signal }) => signal);

  it('an account that fills all slots has one witness: no wire and no direction is free', async () => {
    const { collateral, positions } = held(
      [
        [1, 0, -3],
        [1, 1, 1],
        [4, 4, 2],
        [9, 4, -1],
      ],
      [{ assetId: 2, amount: -CONTRACT }],
    );
    const witness = await witnessOf({ collateral, positions: positions.map((each) => ({ ...each, cost: -7n })) });
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });

  it('where nothing is held only what nothing else uses is free', async () => {
    const witness = await witnessOf(held([[1, 4, 1]]));
    const inverses = survivors(witness, (value) => value === 'any');
    for (const signal of inverses)
      expect(signal).toMatch(/^main\.owned\.(collateral|positions)\.entry\[\d\]\..*\.inverse$/);
    // what a slot of an expiry or underlying that is not used is named, what it would change, the sign of zero, and that
    // nothing moves with nothing, or that a perpetual is held of nothing
    const idle =
      /^main\.(expiryGap\[[12]\]|underlyingGap\[1\]|expiryChange\[[12]\]\.(change\[3[01]\]|value\[\d+\]\.sign)|naked\.net\[[123]\]\.sign|moves\[1\]|holdsPerpetual\[1\])$/;
    for (const signal of survivors(witness, (value) => value !== 'any')) expect(signal).toMatch(idle);
  });
});

describe('widths', () => {
  const bits = (width: number) => 2n ** BigInt(width) - 1n;
  const [amount, figure] = [bits(BITS.amount), bits(PORTFOLIO.valueBits)];
  const sizes = { positions: PORTFOLIO.maxPositions, assets: MAX_ASSETS, expiries: PORTFOLIO.maxExpiries };
  const each = <T>(count: number, make: (k: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, k) => make(k));
  const largest: Registry = {
    ...registry,
    entries: [
      ...each(sizes.assets, (k) => ({ id: k + 1, symbol: `A${k}`, kind: 'asset' as const, amountDecimals: 0 })),
      ...each(sizes.positions, (k) => ({
        id: 1000 + k,
        symbol: `I${k}`,
        kind: 'perpetual' as const,
        settleAsset: 1,
        amountDecimals: 0,
      })),
    ],
  };

  /** The largest figures that a valid table may hold, with these signs, over so many underlyings. */
  function extreme(change: bigint, shock: bigint, factor: bigint, underlyings: number): RiskTable {
    const scenario = { weight: bits(PORTFOLIO.weightBits), shock, floorWeight: bits(PORTFOLIO.weightBits) };
    const discount = [0n, bits(PORTFOLIO.discountBits)] as const;
    return buildRiskTable({
      registry: largest,
      model: {
        ...{ family: 'portfolio', version: 1, claim: 'maintenance', haircuts: 'marginal' },
        scenarios: [scenario],
        absoluteScenarios: [scenario],
      },
      time: 0,
      underlyings: UNDERLYINGS.slice(0, underlyings),
      assets: each(sizes.assets, (k) => ({
        assetId: k + 1,
        price: bits(BITS.price),
        ladder: [{ valueCap: null, factor }],
        underlying: k % underlyings,
      })),
      expiries: each(sizes.expiries, (e) => ({
        name: `E${e}`,
        underlying: e % underlyings,
        perpetual: true,
        amountDecimals: 0,
        positiveDiscount: discount,
        negativeDiscount: discount,
        charge: figure,
        chargeWithPerpetual: figure,
      })),
      instruments: each(sizes.positions, (k) => ({
        instrumentId: 1000 + k,
        price: bits(BITS.price),
        expiry: k % sizes.expiries,
        nets: false,
        up: change * figure,
        down: -change * figure,
        nakedCharge: figure,
        floorCharge: figure,
        values: [change * figure, change * figure],
      })),
      roundings: [],
    });
  }

  const signs = [1n, -1n];
  const cases = signs.flatMap((change) =>
    [-FINE, bits(PORTFOLIO.weightBits)].flatMap((shock) =>
      [1n - 2n ** 24n + 1n, 1_000_000n].flatMap((factor) =>
        [1, PORTFOLIO.maxUnderlyings].map((underlyings) => ({ change, shock, factor, underlyings })),
      ),
    ),
  );

  it.each(cases)('hold the largest account in the largest table: %o', ({ change, shock, factor, underlyings }) => {
    const table = extreme(change, shock, factor, underlyings);
    const { requirement: most, comparison } = WIDTHS.portfolio;
    for (const sign of signs) {
      for (const owned of signs) {
        for (const paid of signs) {
          // evaluate ranges every figure that the circuit does, and throws where one does not fit
          const { weightedEquity, requirement } = evaluate(
            {
              collateral: each(sizes.assets, (k) => ({ assetId: k + 1, amount: owned * amount })),
              positions: each(sizes.positions, (k) => ({
                instrumentId: 1000 + k,
                size: sign * amount,
                cost: paid * bits(BITS.cost),
              })),
            },
            table,
          );
          expect(requirement).toBeGreaterThanOrEqual(0n);
          expect(requirement).toBeLessThan(2n ** BigInt(most));
          const ratio = (thresholdBps: bigint) => 10_000n * weightedEquity - thresholdBps * requirement;
          const floor = weightedEquity - FINE * FINE * bits(BITS.equityFloor);
          for (const difference of [ratio(1n), ratio(bits(BITS.thresholdBps)), weightedEquity, floor]) {
            expect(difference).toBeLessThan(2n ** BigInt(comparison));
            // a negative difference wraps to a number beyond the range
            expect(FIELD_ORDER + difference).toBeGreaterThan(2n ** BigInt(comparison));
          }
        }
      }
    }
  });

  it('hold whatever a prover may claim to lose: larger losses cannot wrap the requirement', () => {
    const { expiryValueBits, changeBits, lossBits, weightBits, maxExpiries, maxUnderlyings } = PORTFOLIO;
    // what a range check leaves of each hint, whatever the account
    const moved = 2n ** BigInt(changeBits + 1);
    const change = BigInt(maxExpiries) * moved + 2n ** BigInt(weightBits + 134);
    const weighted = 2n ** BigInt(weightBits) * change;
    const basis = BigInt(maxExpiries) * 2n ** BigInt(expiryValueBits) * FINE * FINE;
    const loss = 2n ** BigInt(lossBits);
    expect(weighted + loss + basis + 2n ** BigInt(lossBits + 1)).toBeLessThan(FIELD_ORDER / 2n);
    const charges = 2n * 2n ** 142n * FINE * FINE;
    const requirement = BigInt(maxUnderlyings) * loss + charges;
    expect(requirement).toBeLessThan(2n ** BigInt(WIDTHS.portfolio.requirement));
  });
});
