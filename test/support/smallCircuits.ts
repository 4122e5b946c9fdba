import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import { batchSource, coverageSource, FLAT, openingSource, SHAPE, startSource, TOTALS_SHAPE } from './book.js';

function margin(template: string, parameters: readonly number[]): CircuitSource {
  const name = `${template.charAt(0).toLowerCase()}${template.slice(1)}`;
  const file = `${name.replace('Margin', '')}/${name}.circom`;
  return { file, template, parameters, publicSignals: PUBLIC_SIGNALS };
}

/** A small instance of every circuit. */
export const SMALL: readonly CircuitSource[] = [
  margin('PortfolioMargin', [4, 2, 3, 2]),
  margin('StandardMargin', [4, 2]),
  batchSource(SHAPE),
  margin('HybridMargin', [4, 2, 2, 1]),
  margin('TailMargin', [4, 2, 1]),
  margin('GreeksMargin', [4, 2, 2]),
  margin('ParametricMargin', [4, 2]),
  margin('QuantizedMargin', [2, 2]),
  margin('WeightedMargin', [2, 2]),
  margin('TieredMargin', [2, 2]),
  coverageSource(TOTALS_SHAPE),
  openingSource,
  startSource,
];

/** What more than one test file compiles, those that take longest first: compiled before they run, and so only once. */
export const SHARED: readonly CircuitSource[] = [...SMALL, batchSource(FLAT), margin('WeightedMargin', [3, 2])];
