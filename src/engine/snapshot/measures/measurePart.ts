import type { Rational } from '../../../numbers/rational.js';
import type { Provenance, Rounding } from '../../../snapshot/snapshot.js';

/** What every risk measure says of its figures. */
export interface MeasurePart {
  /** per instrument: the most by which roundings can lower the measure, in 1e-12 quote per unit of size */
  readonly errors: readonly Rational[];
  readonly provenance: readonly Provenance[];
  readonly roundings: readonly Rounding[];
}
