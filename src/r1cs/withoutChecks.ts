// After a failed === or assert, compiled circuits print a message (import 1), and return exception code 4:
//   call 1; i32.const 4; return; end
const GIVES_UP = [0x10, 0x01, 0x41, 0x04, 0x0f, 0x0b] as const;
const NOP = 0x01;

/**
 * The witness calculator of a circuit with its own checks taken out: it computes a full witness of whatever it is given,
 * also of a false statement. What the calculator refuses proves nothing; what the constraints say of such a witness does.
 */
export function withoutChecks(wasm: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(wasm);
  for (let at = copy.indexOf(GIVES_UP[0]); at >= 0; at = copy.indexOf(GIVES_UP[0], at + 1)) {
    if (GIVES_UP.every((byte, i) => copy[at + i] === byte)) copy.fill(NOP, at + 2, at + 5);
  }
  return copy;
}
