import type { AccountRootOpening } from '../account/accountRoot.js';
import type { PublicSignals } from '../margin/opening.js';
import { PUBLIC_SIGNALS } from '../protocol/constants.js';

/** How a key came about: known secrets (insecure, for development), or a ceremony. */
export const SETUPS = ['development', 'ceremony'] as const;
export type Setup = (typeof SETUPS)[number];

export type PointG1 = readonly [bigint, bigint];
/** (x0, x1), (y0, y1) of x0 + x1 u, y0 + y1 u: the precompile takes each pair the other way round */
export type PointG2 = readonly [readonly [bigint, bigint], readonly [bigint, bigint]];

/** A Groth16 proof over BN254 in affine coordinates. */
export interface ProofPoints {
  readonly a: PointG1;
  readonly b: PointG2;
  readonly c: PointG1;
}

/**
 * A margin proof as it is handed over. `keyHash` and `setup` say which key the prover used; a verifier takes its key
 * from its own manifest and never from here.
 */
export interface MarginProof {
  /** name of the circuit instance */
  readonly circuit: string;
  readonly keyHash: string;
  readonly setup: Setup;
  readonly publicSignals: PublicSignals;
  readonly proof: ProofPoints;
  /** opening of the account root: public facts of the venue, from which a verifier reads the accounts' time */
  readonly accountRootOpening: AccountRootOpening;
}

/** The signals in the order of the circuit. */
export const signalList = (signals: PublicSignals): readonly bigint[] => PUBLIC_SIGNALS.map((name) => signals[name]);
