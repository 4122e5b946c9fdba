import type { Rational } from '../../../numbers/rational.js';
import type { Provenance, Rounding } from '../../../snapshot/snapshot.js';
import type { PriceHistory } from '../../history.js';

/** What every risk measure says of its figures. */
export interface MeasurePart {
  /** per instrument: the most by which roundings can lower the measure, in 1e-12 quote per unit of size */
  readonly errors: readonly Rational[];
  readonly provenance: readonly Provenance[];
  /** that figures rest on */
  readonly histories: readonly PriceHistory[];
  readonly roundings: readonly Rounding[];
}
