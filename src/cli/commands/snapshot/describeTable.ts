import type { RiskTable } from '../../../risk/riskTable.js';
import type { Report } from '../../output.js';

/** What a snapshot holds and the root that it has, in a few lines. */
export function describeTable({ snapshot, rows, riskRoot, opening }: RiskTable, file: string): Report {
  const { registry, model, time } = snapshot;
  return {
    json: {
      snapshot: file,
      venue: registry.venue,
      claim: model.claim,
      time,
      assets: snapshot.assets.length,
      instruments: snapshot.instruments.length,
      rows: rows.length,
      roundings: snapshot.roundings.length,
      riskRoot,
      registryHash: opening.registryHash,
      modelHash: opening.modelHash,
    },
    lines: [
      `${file}: ${registry.venue}, claim ${model.claim}, ${new Date(time * 1000).toISOString()}`,
      `${snapshot.assets.length} assets and ${snapshot.instruments.length} instruments in ${rows.length} table rows`,
      `${snapshot.roundings.length} figures rounded`,
      `risk root ${riskRoot}`,
    ],
  };
}
