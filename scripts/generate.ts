import { publicSignalsLibrary } from '../src/chain/publicSignalsSource.js';
import { jsonSchemas } from '../src/formats/jsonSchemas.js';
import { circomConstants } from './generate/circomConstants.js';
import { abiModules } from './generate/contractAbis.js';
import { gasDocument } from './generate/gasDocument.js';
import { writeGenerated } from './generate/writeGenerated.js';

// `npm run generate` writes what follows from one source elsewhere; with --check it fails where that has drifted.
const files = new Map([
  ['circuits/constants.circom', circomConstants()],
  ['contracts/PublicSignals.sol', publicSignalsLibrary()],
  ...abiModules(),
  ['docs/gas.md', gasDocument()],
  ...Object.entries(jsonSchemas()).map(
    ([name, schema]) => [`schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  ),
]);
await writeGenerated(files, process.argv.includes('--check'));
