import { curve } from '../setup/curve.js';

/** A point of a verification key's text for the curve module. The key is a usable one, so its points are valid. */
export const keyPoint1 = (text: readonly string[]): Uint8Array => curve.G1.fromObject(text.map(BigInt));

/** As keyPoint1, in G2. */
export const keyPoint2 = (text: readonly (readonly string[])[]): Uint8Array =>
  curve.G2.fromObject(text.map((pair) => pair.map(BigInt)));
