import { manifestOf } from '../setup/artifacts.js';
import { DEVELOPMENT_SETUP, setupInWords } from '../setup/manifest.js';
import type { Report } from './output.js';

/** How the keys of some circuits were made, by this machine's artifacts: for outputs that rely on them. */
export async function describeKeys(artifacts: string, circuits: readonly string[]): Promise<Report> {
  const names = [...new Set(circuits)];
  const manifests = await Promise.all(names.map((name) => manifestOf(artifacts, name)));
  const known = manifests.filter((manifest) => manifest !== undefined);
  const development = known.filter(({ setup }) => setup === DEVELOPMENT_SETUP);
  const others = known.filter(({ setup }) => setup !== DEVELOPMENT_SETUP);
  return {
    json: { keys: Object.fromEntries(known.map((manifest) => [manifest.circuit, manifest.setup])) },
    lines: [
      ...(development.length === 0
        ? []
        : [
            `DEVELOPMENT KEYS (${development.map(({ circuit }) => circuit).join(', ')}): whoever made them can forge proofs. Nobody should rely on this.`,
          ]),
      ...others.map((manifest) => `Keys of ${manifest.circuit}: ${setupInWords(manifest)}.`),
    ],
  };
}
