import { join } from 'node:path';
import { solvencyDemo } from './demo/run.js';

// `npm run demo`: the whole path on real figures, from an account to a contract's status.
await solvencyDemo(join(import.meta.dirname, '..'));
