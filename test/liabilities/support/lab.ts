import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { batchSignals } from '../../../src/liabilities/batchInput.js';
import { type BatchShape, drawGammaLambda, drawRho } from '../../../src/liabilities/batchTranscripts.js';
import { chainStateHash } from '../../../src/liabilities/chainState.js';
import {
  batchRoots,
  type LiabilitiesBatchInput,
  nextState,
  openAccounts,
  plainTotals,
} from '../../../src/liabilities/liabilitiesBatch.js';
import { statementHash } from '../../../src/liabilities/liabilitiesStatement.js';
import { liabilitiesTableHash } from '../../../src/liabilities/liabilitiesTable.js';
import { subtreeInsertion } from '../../../src/liabilities/subtreeInsertion.js';
import { LIABILITIES_SIGNALS } from '../../../src/protocol/constants.js';
import type { Witness } from '../../../src/r1cs/evaluateR1cs.js';
import { circuitsFolder } from '../../../src/setup/compileCircuit.js';
import { batchSource, shapeParameters } from '../../support/book.js';
import { brokenBy, compileForTest, compileTextForTest, type TestCircuit, wiresIn } from '../../support/circuit.js';

/** What a batch is checked at. */
export interface Challenges {
  readonly rho: bigint;
  readonly gamma: bigint;
  readonly lambda: bigint;
}

/**
 * The circuit beside one without its transcripts: the same text, in which the three challenges are inputs. All else that
 * it says is the same, so that a witness of the one is a witness of the other but for the draws.
 */
export interface TranscriptLab {
  readonly real: TestCircuit;
  readonly withoutDraws: TestCircuit;
  /** a whole witness at challenges of the prover's choice */
  witnessAt(input: LiabilitiesBatchInput, challenges: Challenges): Promise<Witness>;
  /** the same wires in the real circuit */
  transplanted(witness: Witness): Witness;
}

const PARAMETERS = [
  'BALANCES',
  'POSITIONS',
  'HEIGHT',
  'RUN',
  'ASSETS',
  'STEPS',
  'INSTRUMENTS',
  'TIERS',
  'SETTLES',
] as const;
const CHALLENGES = ['rho', 'gamma', 'lambda'] as const;

export async function transcriptLab(shape: BatchShape): Promise<TranscriptLab> {
  const text = await readFile(join(circuitsFolder, 'liabilities/liabilitiesBatch.circom'), 'utf8');
  const constants = PARAMETERS.map((name, i) => `var ${name} = ${shapeParameters(shape)[i]};`).join('\n');
  const undrawn = text
    .replaceAll('include "../', 'include "circuits/')
    .replaceAll(/include "(?!circuits\/)/g, 'include "circuits/liabilities/')
    .replace(/template LiabilitiesBatch\([^)]*\) \{/, `template Test() {\n${constants}`)
    .replaceAll(/signal (rho|gamma|lambda) <== draw\w+\.out;/g, 'signal input $1;');
  const inputs = [...LIABILITIES_SIGNALS.batch, ...CHALLENGES];
  const withoutDraws = await compileTextForTest(undrawn, inputs, { keepLinear: true });
  const real = await compileForTest(batchSource(shape));
  expect(withoutDraws.r1cs.publicInputs, 'the draws were not replaced').toBe(inputs.length);
  const wires = wiresIn(withoutDraws.symbols, real);
  return {
    real,
    withoutDraws,
    witnessAt: (input, challenges) => withoutDraws.witness({ ...batchSignals(input), ...challenges }),
    transplanted: (witness) => wires.map((wire) => witness[wire] as bigint),
  };
}

/** The components whose constraints a witness breaks. */
export const brokenComponents = (circuit: TestCircuit, witness: Witness): readonly string[] => [
  ...new Set(brokenBy(circuit, witness).map(({ component }) => component)),
];

/** Fails unless the witness breaks the draws of these challenges, and nothing else of the circuit. */
export function expectStoppedByDraws(real: TestCircuit, witness: Witness, draws: readonly string[]): void {
  const drawn = brokenComponents(real, witness).map((component) => component.split('.').slice(0, 2).join('.'));
  expect([...new Set(drawn)].sort()).toEqual(draws.map((draw) => `main.${draw}`).sort());
}

/** The roots, totals and states that follow from the rest of an input, lies included; of another statement when told. */
export function withStates(
  input: LiabilitiesBatchInput,
  statement = statementHash(input.claimed).hash,
): LiabilitiesBatchInput {
  const { shape, before, claimed } = input;
  const accounts = openAccounts(input.accounts, claimed);
  const { firstIndex } = input.signals;
  const after = nextState(before, {
    firstIndex,
    accounts: accounts.length,
    treeRoot: subtreeInsertion(shape.height, firstIndex, batchRoots(shape, accounts), input.treeChildren).after,
    totals: [...plainTotals(accounts), ...input.compressed],
    isVenue: firstIndex >= claimed.venueStart,
    blinding: input.blindingAfter,
  });
  return {
    ...input,
    signals: {
      statement,
      stateBefore: chainStateHash(before, statement),
      stateAfter: chainStateHash(after, statement),
      tableHash: liabilitiesTableHash(input.table),
      firstIndex,
    },
  };
}

/** rho of an input, as its circuit draws it. */
export function rhoOf(input: LiabilitiesBatchInput): bigint {
  const { shape, signals, accounts, claimed, compressed } = input;
  const opened = openAccounts(accounts, claimed);
  return drawRho({
    shape,
    signals,
    roots: batchRoots(shape, opened),
    totals: [...plainTotals(opened), ...compressed],
    accounts,
  });
}

/** The challenges of an input, as its circuit draws them. */
export function challengesOf(input: LiabilitiesBatchInput): Challenges {
  const rho = rhoOf(input);
  return { rho, ...drawGammaLambda(rho, input.dense) };
}
