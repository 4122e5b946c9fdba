declare module 'snarkjs' {
  interface MemoryFile {
    type: 'mem';
    data?: Uint8Array;
  }
  type FileLike = string | Uint8Array | MemoryFile;

  interface Logger {
    error(text: string): void;
    warn(text: string): void;
    info(text: string): void;
    debug(text: string): void;
  }

  interface SnarkjsProof {
    pi_a: string[];
    pi_b: string[][];
    pi_c: string[];
    protocol: string;
    curve: string;
  }

  export const groth16: {
    prove(zkey: FileLike, witness: FileLike): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>;
    verify(key: unknown, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
  };
  export const wtns: {
    calculate(signals: Record<string, unknown>, wasm: FileLike, witness: MemoryFile | string): Promise<void>;
    exportJson(witness: FileLike): Promise<bigint[]>;
  };
  export const zKey: {
    newZKey(r1cs: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<unknown>;
    beacon(
      zkey: FileLike,
      out: FileLike,
      name: string,
      beaconHash: string,
      iterations: number,
      logger?: Logger,
    ): Promise<unknown>;
    contribute(zkey: FileLike, out: FileLike, name: string, entropy: string, logger?: Logger): Promise<unknown>;
    verifyFromInit(initial: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<boolean>;
    verifyFromR1cs(r1cs: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<boolean>;
    exportVerificationKey(zkey: FileLike): Promise<unknown>;
  };
  export const powersOfTau: {
    newAccumulator(curve: unknown, power: number, ptau: FileLike): Promise<unknown>;
    contribute(ptau: FileLike, out: FileLike, name: string, entropy: string): Promise<unknown>;
    beacon(ptau: FileLike, out: FileLike, name: string, beaconHash: string, iterations: number): Promise<unknown>;
    verify(ptau: FileLike, logger?: Logger): Promise<boolean>;
    preparePhase2(ptau: FileLike, out: FileLike): Promise<unknown>;
  };
  export const r1cs: { info(r1cs: FileLike): Promise<Record<string, unknown>> };
  export const curves: { getCurveFromName(name: string): Promise<{ terminate(): Promise<void> }> };
}
