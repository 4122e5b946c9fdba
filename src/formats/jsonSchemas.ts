import { z } from 'zod';
import { manifestSchema } from '../setup/manifest.js';
import { verificationKeySchema } from '../setup/verificationKey.js';
import { accountSchema } from './account.js';
import { accountPackageSchema } from './accountPackage.js';
import { identitySchema } from './identity.js';
import { parametersSchema } from './parameters.js';
import { pricesSchema } from './prices.js';
import { proofSchema } from './proof.js';
import { registrySchema } from './registry.js';
import { snapshotSchema } from './snapshot.js';

const SCHEMAS = {
  account: accountSchema,
  'account-package': accountPackageSchema,
  identity: identitySchema,
  manifest: manifestSchema,
  parameters: parametersSchema,
  prices: pricesSchema,
  proof: proofSchema,
  registry: registrySchema,
  snapshot: snapshotSchema,
  'verification-key': verificationKeySchema,
};

/** JSON Schema (draft 2020-12) of every file format, by its name: what other tools check files against. */
export const jsonSchemas = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      name,
      { title: `zk-solvency/${name}`, ...z.toJSONSchema(schema) },
    ]),
  );
