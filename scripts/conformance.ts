import { generate } from './conformance/generate.js';
import { caseNames, runCase } from './conformance/runCases.js';

// npx tsx scripts/conformance.ts             runs every case of conformance/ with this implementation's verifier
// npx tsx scripts/conformance.ts --generate  makes the corpus anew, keys and proofs included

if (process.argv.includes('--generate')) await generate((step) => console.log(step));

const names = await caseNames();
const width = Math.max(...names.map((name) => name.length));
let failed = 0;
for (const name of names) {
  const { expected, found } = await runCase(name);
  const passed = expected === found;
  if (!passed) failed++;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(width)}  ${found}${passed ? '' : `, expected ${expected}`}`);
}
console.log(`${names.length} cases, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
