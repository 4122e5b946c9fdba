import { accountLeaf } from '../account/accountLeaf.js';
import { accountRoot } from '../account/accountRoot.js';
import { accountTreeRoot } from '../account/accountTreeRoot.js';
import type { CollateralSlot } from '../account/collateralEntry.js';
import { collateralList } from '../account/collateralList.js';
import { nullifier } from '../account/nullifier.js';
import { ownerCommitment } from '../account/ownerCommitment.js';
import type { PositionSlot } from '../account/positionEntry.js';
import { positionList } from '../account/positionList.js';
import { constrain } from '../numbers/constraint.js';
import type { PUBLIC_SIGNALS } from '../protocol/constants.js';
import { RATE_SCALE, TIERED_VERSION } from '../protocol/constants.js';
import { type ModelFields, modelHash } from '../risk/modelHash.js';
import { riskRoot } from '../risk/riskRoot.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { tableTop } from '../risk/tableTop.js';
import { collateralValue } from './collateralValue.js';
import { positionMargin } from './positionMargin.js';
import { solvency } from './solvency.js';

/** The seven public signals by name. */
export type PublicSignals = Readonly<Record<(typeof PUBLIC_SIGNALS)[number], bigint>>;

/** Everything that TieredMargin takes, grouped; slots and openings have one item a slot of the circuit. */
export interface TieredMarginInput {
  readonly signals: PublicSignals;
  readonly ownerSecret: bigint;
  readonly accountId: bigint;
  readonly salt: bigint;
  readonly leafIndex: bigint;
  readonly treeChildren: readonly (readonly bigint[])[];
  readonly venueId: bigint;
  readonly accountTime: bigint;
  readonly registryHash: bigint;
  readonly collateralCount: bigint;
  readonly collateral: readonly CollateralSlot[];
  readonly positionCount: bigint;
  readonly positions: readonly PositionSlot[];
  readonly model: ModelFields;
  readonly riskTime: bigint;
  readonly tableNodes: readonly bigint[];
  readonly collateralRows: readonly RowOpening[];
  readonly positionRows: readonly RowOpening[];
}

/** Twin of TieredMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function tieredMargin(input: TieredMarginInput): void {
  const { signals } = input;

  // 1. the account's lists
  const collateral = collateralList(input.collateralCount, input.collateral);
  const positions = positionList(input.positionCount, input.positions);

  // 2. the leaf, which only its owner can open
  const leaf = accountLeaf({
    ownerCommitment: ownerCommitment(input.ownerSecret),
    accountId: input.accountId,
    collateralHash: collateral.hash,
    positionsHash: positions.hash,
    salt: input.salt,
  });

  // 3. the leaf stands in the tree behind accountRoot
  const account = accountRoot({
    venueId: input.venueId,
    registryHash: input.registryHash,
    treeRoot: accountTreeRoot(leaf, input.leafIndex, input.treeChildren),
    time: input.accountTime,
  });
  constrain(account === signals.accountRoot, 'TieredMargin', 'the account root is another');

  // 4. the parameters stand behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(TIERED_VERSION), 'TieredMargin', 'the model is of another version');
  const risk = riskRoot({
    registryHash: input.registryHash,
    modelHash: modelHash('tiered', input.model),
    tableRoot: tableTop(input.tableNodes),
    time: input.riskTime,
  });
  constrain(risk === signals.riskRoot, 'TieredMargin', 'the risk root is another');

  // 5. every balance is valued by its haircut step
  let weightedEquity = 0n;
  input.collateral.forEach((slot, k) => {
    const opening = input.collateralRows[k] as RowOpening;
    const used = collateral.used[k] as bigint;
    tableLookup('asset', used, collateral.id[k] as bigint, opening, input.tableNodes);
    weightedEquity += collateralValue(used, slot, opening.row);
  });

  // 6. every position adds its profit and loss, and its requirement by its margin tier
  let requirement = 0n;
  input.positions.forEach((slot, k) => {
    const opening = input.positionRows[k] as RowOpening;
    const used = positions.used[k] as bigint;
    tableLookup('instrument', used, positions.id[k] as bigint, opening, input.tableNodes);
    const margin = positionMargin(used, slot, opening.row);
    weightedEquity += RATE_SCALE * margin.pnl;
    requirement += margin.requirement;
  });

  // 7. the claim
  solvency({
    weightedEquity,
    requirement,
    thresholdBps: signals.thresholdBps,
    equityFloor: signals.equityFloor,
  });

  // 8. the owner's nullifier in this scope
  constrain(
    nullifier(input.ownerSecret, signals.scope) === signals.nullifier,
    'TieredMargin',
    'the nullifier is another',
  );
}
