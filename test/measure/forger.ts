import { expect } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { commitAccounts } from '../../src/account/accountTree.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { Statement } from '../../src/margin/opening.js';
import type { FactorsRowFields } from '../../src/measure/factorsRow.js';
import type { MeasuredOpening } from '../../src/measure/measuredOpening.js';
import type { MeasuredContract, MeasureRowFields } from '../../src/measure/measureRow.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { type ModelFields, modelHash } from '../../src/risk/modelHash.js';
import { riskRoot } from '../../src/risk/riskRoot.js';
import { findRow, openRow, type RiskTable } from '../../src/risk/riskTable.js';
import type { RowOpening } from '../../src/risk/tableLookup.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { AssetParameters, MeasuredInstrument, Shock, ShockedUnderlying } from '../../src/snapshot/snapshot.js';
import { brokenBy, type TestCircuit } from '../support/circuit.js';
import { accountOf, OWNER_SECRET, rootOf } from '../support/market.js';
import { balancesOf, CRUMB, REQUEST } from '../support/measureMarket.js';

// The market of attacks on risk measures: contracts of 10^4 units, each worth 100 quote, that differ in little.

export const CONTRACT = 10n ** 4n;
/** 1e-12 quote per unit of size in one quote per contract. */
export const PER_CONTRACT = 10n ** 8n;
const IDS = Array.from({ length: 12 }, (_, k) => 100 + k);

export const registry: Registry = {
  venue: 'forged-measures',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 7, symbol: 'CRUMB', kind: 'asset', amountDecimals: 16 },
    ...IDS.map((id) => ({ id, symbol: `C${id}`, kind: 'perpetual' as const, amountDecimals: 4, settleAsset: 1 })),
  ],
};
export const assets: readonly AssetParameters[] = [
  { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
  { assetId: 7, price: 1n, ladder: [{ valueCap: null, factor: 1n }] },
];

/** What a contract gains in the first scenarios, quote per contract; nothing in the others. */
export const changes = (count: number, first: readonly bigint[]): readonly bigint[] =>
  Array.from({ length: count }, (_, s) => (first[s] ?? 0n) * PER_CONTRACT);

/** All contracts alike but for what is said of the first ones. */
export const contracts = (
  common: Omit<MeasuredInstrument, 'instrumentId' | 'price' | 'charges'>,
  special: readonly Partial<MeasuredInstrument>[] = [],
): readonly MeasuredInstrument[] =>
  IDS.map((instrumentId, k) => ({
    instrumentId,
    price: 100n * 10n ** 12n,
    charges: [
      { sizeCap: 5n * CONTRACT, charge: 10n ** 10n },
      { sizeCap: null, charge: 10n ** 11n },
    ],
    ...common,
    ...special[k],
  }));

/** Twenty-four shocks: a fifth down, a tenth up, and a change of volatility by the code, which moves nothing. */
export const shocksWith = (code: bigint): readonly Shock[] =>
  Array.from({ length: 24 }, (_, i) => ({
    move: i === 0 ? -200_000_001n : i === 1 ? 100_000_000n : 0n,
    volatility: i === 23 ? code : 0n,
  }));
export const underlyingsWith = (codes: readonly bigint[]): readonly ShockedUnderlying[] =>
  codes.map((code, u) => ({ name: `U${u + 1}`, shocks: shocksWith(code) }));

/** Contracts by their place in the list, in whole contracts or units. */
export const held = (...sizes: readonly (readonly [place: number, size: number | bigint])[]): Holdings => ({
  collateral: [],
  positions: sizes.map(([place, size]) => ({
    instrumentId: IDS[place] as number,
    size: typeof size === 'bigint' ? size : BigInt(size) * CONTRACT,
    cost: 0n,
  })),
});

/** The statement of an account that lies `slack` crumbs of 1e-22 quote above the least that is solvent. */
export function statementOf(table: RiskTable, { positions }: Holdings, slack: bigint, scope = 5n): Statement {
  const { weightedEquity, requirement } = evaluate({ collateral: [], positions }, table);
  const all = { collateral: balancesOf(requirement - weightedEquity + slack * CRUMB), positions };
  const figures = evaluate(all, table);
  expect(figures.weightedEquity >= figures.requirement).toBe(slack >= 0n);
  const [account] = commitAccounts([accountOf(all)], rootOf(registry));
  if (account === undefined) throw new Error('there is no account');
  return { account, ownerSecret: OWNER_SECRET, table, request: { ...REQUEST, scope } };
}

export const contractAt = (table: RiskTable, place: number, size = 0n): RowOpening<MeasuredContract> =>
  openRow<MeasuredContract>(table, findRow(table, 'instrument', IDS[place] as number, size));

/** The input with another row in a slot, of the same place in the table. */
export const withRow = <Input extends MeasuredOpening>(
  input: Input,
  slot: number,
  change: Partial<MeasureRowFields>,
): Input => withContract(input, slot, (contract) => ({ ...contract, row: { ...contract.row, ...change } }));

/** The same for all of a contract. */
export const withContract = <Input extends MeasuredOpening>(
  input: Input,
  slot: number,
  change: (contract: MeasuredContract) => MeasuredContract,
): Input => withOpening(input, slot, ({ row, place }) => ({ row: change(row), place }));

/** The same with its place. */
export const withOpening = <Input extends MeasuredOpening>(
  input: Input,
  slot: number,
  change: (opening: RowOpening<MeasuredContract>) => RowOpening<MeasuredContract>,
): Input => ({
  ...input,
  contracts: input.contracts.map((opening, k) => (k === slot ? change(opening) : opening)),
});

type Family = Parameters<typeof modelHash>[0];

/** The roots of snapshots that differ in nothing but their family, and their version, and what refuses them. */
export function otherRoots({ model, opening }: RiskTable, own: Family, other: Family) {
  const rootOfModel = (family: Family, fields: ModelFields) => ({
    riskRoot: riskRoot({ ...opening, modelHash: modelHash(family, fields) }),
  });
  const next = { ...model, version: 2n };
  return [
    ['another family', /riskRoot/, rootOfModel(other, model), model],
    ['another version', /main\.model\.hash/, rootOfModel(own, next), next],
  ] as const;
}

/** The signals of every constraint that the witness breaks. */
export const brokenIn = (circuit: TestCircuit, witness: Witness): readonly string[] =>
  brokenBy(circuit, witness).map(({ all }) => all.join(' '));

/** The constraints refuse the witness, every one of them because of a signal of the component that the lie is about. */
export function expectRefusedOnly(circuit: TestCircuit, witness: Witness, where: RegExp): void {
  const broken = brokenIn(circuit, witness);
  expect(broken.length, 'the R1CS accepts a witness that it should refuse').toBeGreaterThan(0);
  for (const signals of broken) {
    expect(signals).toMatch(where);
    expect(signals, 'the statement is no better for the lie').not.toMatch(/solvency\.(ratio|floor)\./);
  }
}

/** An input with another factor matrix at the place of the true one. */
export const withFactors = <Input extends { readonly factors: RowOpening<FactorsRowFields> }>(
  input: Input,
  change: (entry: bigint) => bigint,
): Input => {
  const { row, place } = input.factors;
  return { ...input, factors: { row: { ...row, cholesky: row.cholesky.map((each) => each.map(change)) }, place } };
};
