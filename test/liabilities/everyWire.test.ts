import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import { totalsColumns } from '../../src/liabilities/bookTotals.js';
import { chainStateHash } from '../../src/liabilities/chainState.js';
import type { LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { coverageInputs, loansHash, reservesHash } from '../../src/liabilities/liabilitiesCoverage.js';
import { openingInputs } from '../../src/liabilities/liabilitiesOpening.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import {
  batchSource,
  bookOf,
  coverageSource,
  openingSource,
  SHAPE,
  TOTALS_SALT,
  TOTALS_SHAPE,
} from '../support/book.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { usd } from '../support/market.js';

const BTC = 10n ** 8n;
const cost = 19_000n * BTC;
const FULL: Holdings = {
  collateral: [usd(-50n), { assetId: 2, amount: 3n * BTC }],
  positions: [
    { instrumentId: 100, size: -300n, cost: -900n * BTC },
    { instrumentId: 103, size: 30_000n, cost },
  ],
};
const OTHER: Holdings = {
  collateral: [usd(1_000n), { assetId: 2, amount: -(10n ** 5n) }],
  positions: [
    { instrumentId: 100, size: 300n, cost: 900n * BTC },
    { instrumentId: 103, size: -30_000n, cost: -cost },
  ],
};

describe('a batch', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(batchSource(SHAPE));
  });

  async function witnessOf(held: readonly (Holdings | undefined)[]): Promise<Witness> {
    const witness = await circuit.witness(batchSignals(bookOf(held).batches[0] as LiabilitiesBatchInput));
    expectAccepted(circuit, witness);
    return witness;
  }

  it('of accounts that fill all slots has one witness: no wire and no direction is free', async () => {
    const witness = await witnessOf([FULL, OTHER]);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });

  it('with empty slots and an empty place has inverses of zero and the sign of zero free, which nothing else uses', async () => {
    const witness = await witnessOf([{ ...FULL, positions: FULL.positions.slice(0, 1) }, undefined]);
    const hint = (entry: string, names: readonly string[]) => names.map((name) => `main.leaf${entry}.${name}.inverse`);
    const hints = [
      ...hint('[0].positions.entry[1]', ['costSignMeans', 'held']),
      ...[0, 1].flatMap((k) => hint(`[1].balances.entry[${k}]`, ['held'])),
      ...[0, 1].flatMap((k) => hint(`[1].positions.entry[${k}]`, ['costSignMeans', 'held'])),
    ];
    // zero has two signs, and both mean the same
    const signs = ['settle[0]', 'settle[1]', 'split'].map((part) => `main.standing[1].${part}.sign`);
    const found = editEveryWire(circuit, witness);
    expect(
      found
        .filter(({ value }) => value === 'any')
        .map(({ signal }) => signal)
        .sort(),
    ).toEqual(hints.sort());
    const flipped = found.filter(({ value }) => value !== 'any');
    expect(flipped.map(({ signal }) => signal).sort()).toEqual(signs);
    expect(flipped.every(({ value }) => value === 1n)).toBe(true);
    expect(
      freeDirections(circuit, witness)
        .map(([free]) => free)
        .sort(),
    ).toEqual(hints);
  });
});

describe('a closing proof', () => {
  const book = bookOf([FULL, OTHER]);
  const statement = statementHash(book.claimed).hash;
  const closing = {
    lastState: chainStateHash(book.last, statement),
    statement,
    claimed: book.claimed,
    state: book.last,
    ...book.root,
  };

  it('with open totals has one witness', async () => {
    const circuit = await compileForTest(openingSource);
    const witness = await circuit.witness(openingInputs(closing));
    expectAccepted(circuit, witness);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });

  it.each([0n, 1n])('with hidden totals has one witness, loans: %s', async (loans) => {
    const circuit = await compileForTest(coverageSource(TOTALS_SHAPE));
    const totals = totalsColumns(book.totals, TOTALS_SHAPE);
    const [reserve, good] = totals.assets[0] as readonly [readonly bigint[], readonly bigint[]];
    const witness = await circuit.witness(
      coverageInputs({
        ...closing,
        reserve,
        reservesHash: reservesHash(totals.assetId, reserve),
        reserveValue: book.last.customers.owed,
        loans,
        loansHash: loans * loansHash(book.claimed.largestDebtor, totals.assetId, good),
        totalsSalt: TOTALS_SALT,
        totals,
      }),
    );
    expectAccepted(circuit, witness);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });
});
