import { getAddress } from 'ethers';
import { z } from 'zod';
import type { SystemConfig } from '../chain/deploy.js';
import { SolvencyError } from '../errors.js';
import { parseAmount } from '../numbers/decimal.js';
import { BITS, VALUE_DECIMALS } from '../protocol/constants.js';
import { addressText } from './chainFields.js';
import { circuitName, fieldElement, unsignedText, wholeNumber } from './fields.js';
import { fileSchema, readFormat } from './readFormat.js';

/** What is to be deployed: a gate with its own sources, and verifiers of these circuits. */
export type DeploymentConfig = Omit<SystemConfig, 'verifiers'> & { readonly circuits: readonly string[] };

const LONGEST_SPAN = 2 ** 32 - 1;
const span = wholeNumber(1, LONGEST_SPAN);
const spanOrNone = wholeNumber(0, LONGEST_SPAN);
const members = z.array(addressText).min(1, 'must name at least one account');
const threshold = wholeNumber(1, 2 ** 16);

export const deploymentConfigSchema = fileSchema('deployment-config', {
  owner: addressText,
  scope: fieldElement,
  policy: z.strictObject({
    minThresholdBps: wholeNumber(1, 2 ** BITS.thresholdBps - 1),
    minEquityFloor: unsignedText,
    maxAge: span,
    maxRootGap: spanOrNone,
    riskGrace: spanOrNone,
    callPeriod: span,
  }),
  oracle: z.strictObject({
    maxAge: span,
    maxJumpBps: wholeNumber(0, LONGEST_SPAN),
    guardian: addressText,
    signers: members,
    threshold,
    reviewers: members,
    reviewThreshold: threshold,
  }),
  circuits: z.array(circuitName).min(1, 'must name at least one circuit'),
});

/**
 * Reads `zk-solvency/deployment-config`. Errors: readFormat's, NOT_REPRESENTABLE and OUT_OF_RANGE for the equity floor,
 * DUPLICATE for a circuit that is named twice. What the contracts ask for beside that, such as disjoint quorums, they say.
 */
export function parseDeploymentConfig(text: string, where: string): DeploymentConfig {
  const file = readFormat(deploymentConfigSchema, text, { name: 'deployment-config', where });
  const { policy, oracle } = file;
  const minEquityFloor = parseAmount(policy.minEquityFloor, VALUE_DECIMALS, `${where}: policy.minEquityFloor`);
  if (minEquityFloor >> BigInt(BITS.equityFloor) !== 0n) {
    throw new SolvencyError('OUT_OF_RANGE', `${where}: policy.minEquityFloor is beyond what a proof can show.`, {
      details: { where: `${where}: policy.minEquityFloor` },
    });
  }
  const twice = file.circuits.find((circuit, index) => file.circuits.indexOf(circuit) !== index);
  if (twice !== undefined) {
    throw new SolvencyError('DUPLICATE', `${where}: circuits names ${twice} twice. Leave one.`, { details: { where } });
  }
  return {
    owner: getAddress(file.owner),
    scope: BigInt(file.scope),
    policy: {
      minThresholdBps: BigInt(policy.minThresholdBps),
      minEquityFloor,
      maxAge: BigInt(policy.maxAge),
      maxRootGap: BigInt(policy.maxRootGap),
      riskGrace: BigInt(policy.riskGrace),
      callPeriod: BigInt(policy.callPeriod),
    },
    oracle: {
      maxAge: BigInt(oracle.maxAge),
      maxJumpBps: BigInt(oracle.maxJumpBps),
      guardian: getAddress(oracle.guardian),
      signers: oracle.signers.map(getAddress),
      threshold: BigInt(oracle.threshold),
      reviewers: oracle.reviewers.map(getAddress),
      reviewThreshold: BigInt(oracle.reviewThreshold),
    },
    circuits: file.circuits,
  };
}
