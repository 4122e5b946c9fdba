import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { greeksFigures } from '../greeks/greeksFigures.js';
import { greeksInput, greeksSignals } from '../greeks/greeksInput.js';
import { hybridFigures } from '../hybrid/hybridFigures.js';
import { hybridInput, hybridSignals } from '../hybrid/hybridInput.js';
import { underlyingsOf } from '../measure/measuredInput.js';
import { ConstraintViolation } from '../numbers/constraint.js';
import { parametricFigures } from '../parametric/parametricFigures.js';
import { parametricInput, parametricSignals } from '../parametric/parametricInput.js';
import { portfolioFigures } from '../portfolio/portfolioFigures.js';
import { portfolioInput, portfolioNeeds, portfolioSignals } from '../portfolio/portfolioInput.js';
import { quantizedFigures } from '../quantized/quantizedFigures.js';
import { quantizedInput, quantizedSignals } from '../quantized/quantizedInput.js';
import type { RiskTable } from '../risk/riskTable.js';
import { type CircuitCapacity, type CircuitInstance, circuitFor } from '../setup/circuits.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { standardFigures } from '../standard/standardFigures.js';
import { standardInput, standardSignals } from '../standard/standardInput.js';
import { tailFigures } from '../tail/tailFigures.js';
import { tailInput, tailSignals } from '../tail/tailInput.js';
import { tieredFigures } from '../tiered/tieredFigures.js';
import { tieredInput, tieredSignals } from '../tiered/tieredInput.js';
import { weightedFigures } from '../weighted/weightedFigures.js';
import { weightedInput, weightedSignals } from '../weighted/weightedInput.js';
import type { MarginFigures } from './figures.js';
import type { MarginOpening, PublicSignals, Statement } from './opening.js';

/** What a circuit takes for one statement. */
export interface CircuitInput {
  readonly publicSignals: PublicSignals;
  /** by the names of the circuit's inputs */
  readonly signals: Readonly<Record<string, bigint | readonly bigint[]>>;
}

type Signals = CircuitInput['signals'];

/** How the proofs of a family of models are made. */
interface MarginFamily {
  readonly figures: (holdings: Holdings, table: RiskTable) => MarginFigures;
  readonly input: (statement: Statement, capacity: CircuitCapacity) => CircuitInput;
  /** expiries and underlyings that an account is spread over, and what its snapshot is hashed in */
  readonly spread: (
    holdings: Holdings,
    table: RiskTable,
  ) => Pick<CircuitCapacity, 'expiries' | 'underlyings' | 'blocks'>;
}

/** What a circuit is given, by the family's own input and the signals that it is written as. */
const inputBy =
  <Input extends MarginOpening>(
    inputOf: (statement: Statement, capacity: CircuitCapacity) => Input,
    signalsOf: (input: Input) => Signals,
  ): MarginFamily['input'] =>
  (statement, capacity) => {
    const input = inputOf(statement, capacity);
    return { publicSignals: input.signals, signals: signalsOf(input) };
  };

/** Of families without such slots; the expiries of the standard model are runs of positions. */
const nowhere: MarginFamily['spread'] = () => ({ expiries: 0, underlyings: 0, blocks: 0 });

const blocksOf = ({ snapshot: { model } }: RiskTable): number => ('blocks' in model ? model.blocks : 0);

/** Of families that net Greeks by underlying. */
const byUnderlying: MarginFamily['spread'] = (holdings, table) => ({
  expiries: 0,
  underlyings: underlyingsOf(holdings, table).length,
  blocks: blocksOf(table),
});

const inExpiries: MarginFamily['spread'] = (holdings, table) => ({ ...portfolioNeeds(holdings, table), blocks: 0 });

const FAMILIES: Readonly<Record<Snapshot['model']['family'], MarginFamily>> = {
  tiered: { figures: tieredFigures, input: inputBy(tieredInput, tieredSignals), spread: nowhere },
  portfolio: { figures: portfolioFigures, input: inputBy(portfolioInput, portfolioSignals), spread: inExpiries },
  standard: { figures: standardFigures, input: inputBy(standardInput, standardSignals), spread: nowhere },
  quantized: { figures: quantizedFigures, input: inputBy(quantizedInput, quantizedSignals), spread: nowhere },
  weighted: { figures: weightedFigures, input: inputBy(weightedInput, weightedSignals), spread: nowhere },
  greeks: { figures: greeksFigures, input: inputBy(greeksInput, greeksSignals), spread: byUnderlying },
  parametric: { figures: parametricFigures, input: inputBy(parametricInput, parametricSignals), spread: nowhere },
  tail: {
    figures: tailFigures,
    input: inputBy(tailInput, tailSignals),
    spread: (_, table) => ({ expiries: 0, underlyings: 0, blocks: blocksOf(table) }),
  },
  hybrid: { figures: hybridFigures, input: inputBy(hybridInput, hybridSignals), spread: byUnderlying },
};

/**
 * Weighted equity and requirement of holdings under the snapshot's model. Throws what findRow throws, and OUT_OF_RANGE for
 * sizes that the family's circuits do not hold.
 */
export const marginFigures = (holdings: Holdings, table: RiskTable): MarginFigures =>
  withinCircuits(() => FAMILIES[table.snapshot.model.family].figures(holdings, table));

/** A twin that has no figure for an account: its circuit has no witness, whatever the account is worth. */
function withinCircuits<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (!(cause instanceof ConstraintViolation)) throw cause;
    throw new SolvencyError(
      'OUT_OF_RANGE',
      'The account is larger than the circuits of this model can hold: no margin can be computed or proven for it.',
      { ownerOnly: { limit: cause.message }, cause },
    );
  }
}

/** The input of a circuit of the snapshot's family. Throws what findRow throws, and TOO_MANY_EXPIRIES and the like. */
export const circuitInput = (statement: Statement, capacity: CircuitCapacity): CircuitInput =>
  FAMILIES[statement.table.snapshot.model.family].input(statement, capacity);

/** Slots that an account needs. Throws what findRow throws. */
export const circuitNeeds = (holdings: Holdings, table: RiskTable): CircuitCapacity => ({
  positions: holdings.positions.length,
  assets: holdings.collateral.length,
  ...FAMILIES[table.snapshot.model.family].spread(holdings, table),
});

/** The circuit to prove an account with under a snapshot: the named one, or the smallest that holds it. */
export const circuitForAccount = (holdings: Holdings, table: RiskTable, name?: string): CircuitInstance =>
  circuitFor(table.snapshot.model.family, circuitNeeds(holdings, table), name);
