declare module 'circom_runtime' {
  export interface WitnessCalculator {
    calculateWitness(inputs: Record<string, unknown>, sanityCheck: boolean): Promise<bigint[]>;
    /** the same as a .wtns file */
    calculateWTNSBin(inputs: Record<string, unknown>, sanityCheck: boolean): Promise<Uint8Array>;
    readonly instance: { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } };
  }
  export function WitnessCalculatorBuilder(wasm: Uint8Array): Promise<WitnessCalculator>;
}
