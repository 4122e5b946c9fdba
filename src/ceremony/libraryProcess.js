// @ts-check
// The library's part of a ceremony in a process of its own: its threads and memory end with the process, and with them
// the secret of a contribution; what it prints goes nowhere. Plain JavaScript, so that the same file runs from the sources
// and from the built package.
import { createHash, randomBytes } from 'node:crypto';
import process from 'node:process';
import { powersOfTau, zKey } from 'snarkjs';

/** @type {string[]} */
const complaints = [];
const complain = (/** @type {unknown} */ text) => void complaints.push(String(text).trim());
// some refusals of the library are printed, others go to its logger
console.log = complain;
const logger = { error: complain, warn() {}, info() {}, debug() {} };

/**
 * 64 bytes of the operating system's, and the contributor's words: neither alone decides. The library mixes in 64 more.
 * @param {Uint8Array} words
 */
function entropy(words) {
  const random = randomBytes(64);
  const mixed = createHash('sha512').update(random).update(words).digest();
  const text = mixed.toString('hex');
  for (const secret of [random, words, mixed]) secret.fill(0);
  return text;
}

/** @type {Record<string, (...args: any[]) => Promise<unknown>>} */
const STEPS = {
  newKey: (r1cs, ptau, out) => zKey.newZKey(r1cs, ptau, out, logger),
  contribute: (key, out, name, words) => zKey.contribute(key, out, name, entropy(words), logger),
  beacon: (key, out, name, value, exponent) => zKey.beacon(key, out, name, value, exponent, logger),
  verifyKey: (initial, ptau, key) => zKey.verifyFromInit(initial, ptau, key, logger),
  verifyPowers: (ptau) => powersOfTau.verify(ptau, logger),
};

process.on('message', async (/** @type {{ step: string, args: readonly unknown[] }} */ { step, args }) => {
  complaints.length = 0;
  try {
    const result = await STEPS[step]?.(...args);
    process.send?.({ result, complaints });
  } catch (error) {
    process.send?.({ complaints: [...complaints, String(error)] });
  }
});
// the caller is gone: nobody waits for the result
process.once('disconnect', () => process.exit());
