import { binanceExample } from './examples/binance.js';
import { engineExample } from './examples/engine.js';
import { historyExample } from './examples/history.js';
import { hyperliquidExample } from './examples/hyperliquid.js';
import { writeGenerated } from './generate/writeGenerated.js';

// `npm run examples` writes the files of examples/ that are made from others; with --check it fails where they drifted.
const files = new Map([
  ...[...(await hyperliquidExample())].map(([name, text]) => [`examples/hyperliquid/${name}`, text] as const),
  ...[...(await binanceExample())].map(([name, text]) => [`examples/binance/${name}`, text] as const),
  ...[...(await engineExample())].map(([name, text]) => [`examples/engine/${name}`, text] as const),
  ...[...historyExample()].map(([name, text]) => [`examples/history/${name}`, text] as const),
]);
await writeGenerated(files, process.argv.includes('--check'));
