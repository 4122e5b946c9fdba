import { CIRCUITS, type CircuitInstance } from '../setup/circuits.js';
import type { TotalsShape } from './bookTotals.js';

/** The circuit of LiabilitiesOpening. */
export const openingCircuit = CIRCUITS.find(({ signalKind }) => signalKind === 'liabilitiesOpening') as CircuitInstance;

/** Rows of a circuit of LiabilitiesCoverage. */
export function coverageShape({ parameters }: Pick<CircuitInstance, 'parameters'>): TotalsShape {
  const [assets, instruments] = parameters as readonly [number, number];
  return { assets, instruments };
}

/** The smallest circuit of LiabilitiesCoverage with room for so many rows; undefined when none has it. */
export const coverageCircuit = (rows: TotalsShape): CircuitInstance | undefined =>
  CIRCUITS.filter(({ signalKind }) => signalKind === 'liabilitiesCoverage').find((circuit) => {
    const { assets, instruments } = coverageShape(circuit);
    return rows.assets <= assets && rows.instruments <= instruments;
  });
