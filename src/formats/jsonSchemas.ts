import { z } from 'zod';
import { ceremonySchema } from '../ceremony/transcript.js';
import { manifestSchema } from '../setup/manifest.js';
import { verificationKeySchema } from '../setup/verificationKey.js';
import { accountSchema } from './account.js';
import { accountPackageSchema } from './accountPackage.js';
import { attestationSchema } from './attestation.js';
import { deploymentSchema } from './deployment.js';
import { deploymentConfigSchema } from './deploymentConfig.js';
import { engineModelSchema } from './engineModel.js';
import { historySchema } from './history.js';
import { identitySchema } from './identity.js';
import { liabilitiesProofSchema } from './liabilitiesProof.js';
import { marginRulesSchema } from './marginRules.js';
import { marketSchema } from './market.js';
import { parametersSchema } from './parameters.js';
import { policySchema } from './policy.js';
import { pricesSchema } from './prices.js';
import { proofSchema } from './proof.js';
import { registrySchema } from './registry.js';
import { reserveEvidenceSchema } from './reserveEvidence.js';
import { reserveOwnersSchema } from './reserveOwners.js';
import { snapshotSchema } from './snapshot.js';
import { totalsSchema } from './totals.js';

const SCHEMAS = {
  account: accountSchema,
  'account-package': accountPackageSchema,
  attestation: attestationSchema,
  ceremony: ceremonySchema,
  deployment: deploymentSchema,
  'deployment-config': deploymentConfigSchema,
  'engine-model': engineModelSchema,
  history: historySchema,
  identity: identitySchema,
  'liabilities-proof': liabilitiesProofSchema,
  manifest: manifestSchema,
  'margin-rules': marginRulesSchema,
  market: marketSchema,
  parameters: parametersSchema,
  policy: policySchema,
  prices: pricesSchema,
  proof: proofSchema,
  registry: registrySchema,
  'reserve-evidence': reserveEvidenceSchema,
  'reserve-owners': reserveOwnersSchema,
  snapshot: snapshotSchema,
  totals: totalsSchema,
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
