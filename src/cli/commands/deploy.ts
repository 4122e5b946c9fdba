import type { Command } from 'commander';
import { deploySystem, type SystemDeployment } from '../../chain/deploy.js';
import { requireWritable, writeFileAtomic } from '../../files.js';
import { type DeploymentRecord, serializeDeployment } from '../../formats/deployment.js';
import { type DeploymentConfig, parseDeploymentConfig } from '../../formats/deploymentConfig.js';
import { loadArtifacts, loadVerificationKey } from '../../setup/artifacts.js';
import { CEREMONY_SETUP, setupInWords, setupKind } from '../../setup/manifest.js';
import { readText } from '../input.js';
import { openChain, readKey } from '../openChain.js';
import * as options from '../options.js';
import { print, type Report, startProgress } from '../output.js';

interface DeployOptions {
  readonly rpc: string;
  readonly key: string;
  readonly config: string;
  readonly artifacts: string;
  readonly out: string;
  readonly json?: true;
}

/** `deploy`: puts a gate with its oracle, account roots, registry and verifiers on a chain. */
export function deployCommand(program: Command): void {
  program
    .command('deploy')
    .description('deploy a gate with all that stands behind it (development keys: local chains only)')
    .addOption(options.rpcOption())
    .addOption(options.keyOption())
    .requiredOption('--config <file>', 'owner, scope, policy, oracle and circuits')
    .addOption(options.artifactsOption())
    .requiredOption('--out <file>', 'where the deployment is written')
    .option('--json', 'print JSON')
    .action(async (given: DeployOptions) => {
      const config = parseDeploymentConfig(await readText(given.config), given.config);
      const key = await readKey(given.key);
      await requireWritable(given.out);
      const keys = await Promise.all(config.circuits.map((circuit) => readVerifier(given.artifacts, circuit)));
      const progress = startProgress();
      const chain = await openChain(given.rpc, key);
      try {
        progress.step(`compiling, and deploying to chain ${chain.chainId}`);
        const verifiers = keys.map(({ circuit, setup, verificationKey }) => ({ circuit, setup, key: verificationKey }));
        const system = await deploySystem(chain.signer, { ...config, verifiers });
        progress.stop();
        const record = recordOf(chain.chainId, config, system, keys);
        await writeFileAtomic(given.out, serializeDeployment(record));
        print(report(record, system, keys, given.out), given.json === true);
      } finally {
        chain.close();
        progress.stop();
      }
    });
}

type VerifierKey = Awaited<ReturnType<typeof readVerifier>>;

async function readVerifier(artifacts: string, circuit: string) {
  const { verificationKey, keyHash, manifest } = await loadVerificationKey(artifacts, circuit);
  // what lets a key onto a public chain is looked up in the key itself, and not only in what is said of it
  if (manifest.setup === CEREMONY_SETUP) await loadArtifacts(artifacts, circuit);
  return { circuit, verificationKey, keyHash, setup: setupKind(manifest), keys: setupInWords(manifest) };
}

function recordOf(
  chainId: number,
  { scope, owner }: DeploymentConfig,
  system: SystemDeployment,
  keys: readonly VerifierKey[],
): DeploymentRecord {
  return {
    chainId,
    scope,
    owner,
    contracts: {
      gate: system.gate.address,
      accountRoots: system.accountRoots.address,
      riskOracle: system.riskOracle.address,
      scopeRegistry: system.scopeRegistry.address,
    },
    verifiers: keys.map(({ circuit, keyHash, setup }) => ({
      circuit,
      address: system.verifiers.get(circuit)?.address ?? '',
      keyHash,
      setup,
    })),
  };
}

function report(
  record: DeploymentRecord,
  { isAdmitted }: SystemDeployment,
  verifiers: readonly VerifierKey[],
  out: string,
): Report {
  return {
    json: {
      deployment: out,
      ...record,
      keys: Object.fromEntries(verifiers.map(({ circuit, keys }) => [circuit, keys])),
      isAdmitted,
    },
    lines: [
      ...Object.entries(record.contracts).map(([name, address]) => `${name.padEnd(15)} ${address}`),
      ...record.verifiers.map(({ circuit, address }) => `${circuit.padEnd(15)} ${address}`),
      ...verifiers.map(({ circuit, keys }) => `Keys of ${circuit}: ${keys}.`),
      ...(isAdmitted ? [] : [`The owner ${record.owner} has to admit the gate: scopeRegistry.admit(gate, true).`]),
      'Next, a venue registers with accountRoots, and the owner allows verifiers for it: gate.allow.',
      `The addresses are in ${out}.`,
    ],
  };
}
