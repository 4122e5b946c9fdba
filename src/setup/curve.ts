import { getCurveFromName } from 'ffjavascript';

/**
 * The library's BN254, without the threads of the instance that the library shares: those would keep a process from
 * ending.
 */
export const curve = await getCurveFromName('bn128', true);

/** The curve's WebAssembly module. */
export const curveCode = (curve as unknown as { readonly tm: { readonly code: Uint8Array } }).tm.code;
