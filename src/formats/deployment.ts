import { getAddress } from 'ethers';
import { z } from 'zod';
import { SETUPS, type Setup } from '../proof/marginProof.js';
import { addressText, chainIdNumber } from './chainFields.js';
import { circuitName, fieldElement, sha256Text } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

/** A verifier on a chain, and which key's proofs it accepts. */
export interface DeployedVerifier {
  readonly circuit: string;
  readonly address: string;
  readonly keyHash: string;
  readonly setup: Setup;
}

/** Where a gate is, and everything that stands behind it. Addresses are checksummed. */
export interface DeploymentRecord {
  readonly chainId: number;
  readonly scope: bigint;
  readonly owner: string;
  readonly contracts: {
    readonly gate: string;
    readonly accountRoots: string;
    readonly riskOracle: string;
    readonly scopeRegistry: string;
  };
  readonly verifiers: readonly DeployedVerifier[];
}

export const deploymentSchema = fileSchema('deployment', {
  chainId: chainIdNumber,
  scope: fieldElement,
  owner: addressText,
  contracts: z.strictObject({
    gate: addressText,
    accountRoots: addressText,
    riskOracle: addressText,
    scopeRegistry: addressText,
  }),
  verifiers: z.array(
    z.strictObject({
      circuit: circuitName,
      address: addressText,
      keyHash: sha256Text,
      setup: z.enum(SETUPS, `must be one of ${SETUPS.join(', ')}`),
    }),
  ),
});

/** Reads `zk-solvency/deployment`. Errors: readFormat's. */
export function parseDeployment(text: string, where: string): DeploymentRecord {
  const { chainId, scope, owner, contracts, verifiers } = readFormat(deploymentSchema, text, {
    name: 'deployment',
    where,
  });
  return {
    chainId,
    scope: BigInt(scope),
    owner: getAddress(owner),
    contracts: {
      gate: getAddress(contracts.gate),
      accountRoots: getAddress(contracts.accountRoots),
      riskOracle: getAddress(contracts.riskOracle),
      scopeRegistry: getAddress(contracts.scopeRegistry),
    },
    verifiers: verifiers.map((verifier) => ({ ...verifier, address: getAddress(verifier.address) })),
  };
}

export const serializeDeployment = ({ scope, ...rest }: DeploymentRecord): string =>
  writeFormat('deployment', { ...rest, scope: scope.toString() });
