declare module 'ffjavascript' {
  /** An element or point in the library's internal form. */
  type Bytes = Uint8Array;

  interface Field {
    readonly n8: number;
    readonly one: Bytes;
    e(value: bigint): Bytes;
    toObject(element: Bytes): bigint;
  }

  interface Group {
    readonly F: Field;
    readonly g: Bytes;
    readonly zero: Bytes;
    fromObject(point: readonly unknown[]): Bytes;
    toObject(point: Bytes): unknown[];
    add(a: Bytes, b: Bytes): Bytes;
    neg(a: Bytes): Bytes;
    timesScalar(a: Bytes, scalar: bigint): Bytes;
    timesFr(a: Bytes, scalar: Bytes): Bytes;
    toAffine(a: Bytes): Bytes;
    eq(a: Bytes, b: Bytes): boolean;
    isValid(a: Bytes): boolean;
    isZero(a: Bytes): boolean;
  }

  interface Curve {
    readonly name: string;
    readonly r: bigint;
    readonly q: bigint;
    readonly Fr: Field & Record<string, unknown>;
    readonly G1: Group;
    readonly G2: Group;
    pairingEq(...points: Bytes[]): Promise<boolean>;
    terminate(): Promise<void>;
  }

  export function getCurveFromName(name: string, singleThread?: boolean): Promise<Curve>;
}
