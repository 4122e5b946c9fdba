import type { Derivation } from './derived/claim.js';
import { leveraged } from './derived/leverage.js';
import { scaled } from './derived/scale.js';
import { shocked } from './derived/shock.js';
import type { Snapshot } from './snapshot.js';
import { validateSnapshot } from './validate.js';

/**
 * The snapshot under which a proof shows a derived claim. It follows from the base to the byte, so a verifier computes it
 * from the snapshot that they trust. Several derivations are applied in order, each to the result of the one before.
 *
 * Marks and prices round to nearest, since a mark harms one side of a position as much as it helps the other; rates
 * round up and caps down. What was rounded is listed after the base's own roundings.
 *
 * Errors: INVALID_INPUT for a change of -100% or less, a leverage or a factor that is not above zero, a family that
 * cannot be derived in this way, a claim whose name is too long; UNKNOWN_INSTRUMENT for a symbol without parameters;
 * INVALID_SNAPSHOT when the result exceeds a bound of the circuits.
 */
export function deriveSnapshot(base: Snapshot, derivation: Derivation): Snapshot {
  const derived = derivedFrom(base, derivation);
  validateSnapshot(derived);
  return derived;
}

function derivedFrom(base: Snapshot, derivation: Derivation): Snapshot {
  switch (derivation.kind) {
    case 'shock':
      return shocked(base, derivation);
    case 'leverage':
      return leveraged(base, derivation);
    case 'scale':
      return scaled(base, derivation);
  }
}
