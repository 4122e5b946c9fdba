import { constrain } from '../numbers/constraint.js';
import { riskRoot } from './riskRoot.js';
import { tableTop } from './tableTop.js';

/** Twin of RiskOpening: the parameters stand behind the risk root. */
export function riskOpening(opening: {
  readonly riskRoot: bigint;
  readonly registryHash: bigint;
  readonly modelHash: bigint;
  readonly time: bigint;
  readonly nodes: readonly bigint[];
}): void {
  const { registryHash, modelHash, time, nodes } = opening;
  const root = riskRoot({ registryHash, modelHash, tableRoot: tableTop(nodes), time });
  constrain(root === opening.riskRoot, 'RiskOpening', 'the risk root is another');
}
