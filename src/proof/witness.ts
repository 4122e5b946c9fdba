import { type WitnessCalculator, WitnessCalculatorBuilder } from 'circom_runtime';
import { SolvencyError } from '../errors.js';

/**
 * The witness of a circuit as a .wtns file in memory. The calculator's memory, which holds every signal, is overwritten
 * before this returns; the witness is the caller's to overwrite. INTERNAL when the signals have none: the library's words
 * for that, in `cause`, name a template and a line.
 */
export async function calculateWitness(
  wasm: Uint8Array,
  signals: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  let calculator: WitnessCalculator | undefined;
  try {
    calculator = await WitnessCalculatorBuilder(wasm);
    return await calculator.calculateWTNSBin(signals, false);
  } catch (cause) {
    throw new SolvencyError('INTERNAL', 'No witness could be computed. Run it again; if it fails again, report it.', {
      cause,
    });
  } finally {
    if (calculator !== undefined) new Uint8Array(calculator.instance.exports.memory.buffer).fill(0);
  }
}
