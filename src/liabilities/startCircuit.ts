import { CIRCUITS, type CircuitInstance } from '../setup/circuits.js';

/** The circuit of LiabilitiesStart. */
export const startCircuit = CIRCUITS.find(({ signalKind }) => signalKind === 'liabilitiesStart') as CircuitInstance;
