declare module 'circom_runtime' {
  interface WitnessCalculator {
    calculateWitness(inputs: Record<string, unknown>, sanityCheck: boolean): Promise<bigint[]>;
  }
  export function WitnessCalculatorBuilder(wasm: Uint8Array): Promise<WitnessCalculator>;
}
