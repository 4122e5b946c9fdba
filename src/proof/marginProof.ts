import type { AccountRootOpening } from '../account/accountRoot.js';
import type { PublicSignals } from '../margin/tieredMargin.js';
import { PUBLIC_SIGNALS } from '../protocol/constants.js';
import type { Groth16Proof } from './groth16.js';

/** A margin proof with all that a verifier needs beside its own expectations. */
export interface MarginProof {
  /** name of the circuit instance */
  readonly circuit: string;
  /** hash of the verification key that it was made for */
  readonly keyHash: string;
  /** how that key was made */
  readonly setup: 'development';
  readonly signals: PublicSignals;
  readonly proof: Groth16Proof;
  /** opening of the account root: public facts of the venue, from which a verifier reads the accounts' time */
  readonly accountRoot: AccountRootOpening;
}

/** The signals in the order of the circuit. */
export const signalList = (signals: PublicSignals): readonly bigint[] => PUBLIC_SIGNALS.map((name) => signals[name]);
