import type { AccountPackage } from '../account/accountTree.js';
import { packageRoot, pathChildren } from '../account/accountTree.js';
import { leafOf } from '../account/leaf.js';
import { nullifier } from '../account/nullifier.js';
import { collateralSlots, positionSlots } from '../account/slots.js';
import { modelFields } from '../risk/modelHash.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { RowOpening } from '../risk/tableLookup.js';
import { rowElements, type TableRowFields } from '../risk/tableRow.js';
import type { TieredMarginInput } from './tieredMargin.js';

/** What a proof is to claim and be bound to. */
export interface ProofRequest {
  /** margin ratio to show, in basis points: 10,000 is exactly the requirement */
  readonly thresholdBps: bigint;
  /** equity to show, in 1e-16 quote units */
  readonly equityFloor: bigint;
  readonly scope: bigint;
  readonly context: bigint;
}

/** Everything that TieredMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function tieredInput(
  { account, path, root }: AccountPackage,
  ownerSecret: bigint,
  table: RiskTable,
  request: ProofRequest,
  capacity: { readonly positions: number; readonly assets: number },
): TieredMarginInput {
  // a slot of padding looks up the first row of the table, whose floor is zero
  const padding = openRow(table, 0);
  const rowsFor = (indices: readonly number[], slots: number): readonly RowOpening[] => {
    const rows = indices.map((index) => openRow(table, index));
    return Array.from({ length: slots }, (_, k) => rows[k] ?? padding);
  };
  const owned = (amount: bigint) => (amount > 0n ? amount : 0n);
  const magnitude = (size: bigint) => (size < 0n ? -size : size);
  return {
    signals: {
      ...request,
      accountRoot: packageRoot({ account, path, root }),
      riskRoot: table.riskRoot,
      nullifier: nullifier(ownerSecret, request.scope),
    },
    ownerSecret,
    accountId: account.accountId,
    salt: account.salt,
    leafIndex: BigInt(path.index),
    treeChildren: pathChildren(leafOf(account), path),
    venueId: root.venueId,
    accountTime: root.time,
    registryHash: root.registryHash,
    collateralCount: BigInt(account.collateral.length),
    collateral: collateralSlots(account, capacity.assets),
    positionCount: BigInt(account.positions.length),
    positions: positionSlots(account, capacity.positions),
    model: modelFields(table.snapshot.model),
    riskTime: table.opening.time,
    tableNodes: table.nodes,
    collateralRows: rowsFor(
      account.collateral.map(({ assetId, amount }) => findRow(table, 'asset', assetId, owned(amount))),
      capacity.assets,
    ),
    positionRows: rowsFor(
      account.positions.map(({ instrumentId, size }) => findRow(table, 'instrument', instrumentId, magnitude(size))),
      capacity.positions,
    ),
  };
}

/** The same as signals by the names of the circuit. */
export function circuitSignals(input: TieredMarginInput): Record<string, bigint | readonly unknown[]> {
  return {
    ...input.signals,
    ownerSecret: input.ownerSecret,
    accountId: input.accountId,
    salt: input.salt,
    leafIndex: input.leafIndex,
    treeChildren: input.treeChildren,
    venueId: input.venueId,
    accountTime: input.accountTime,
    registryHash: input.registryHash,
    collateralCount: input.collateralCount,
    collateralGap: input.collateral.map((slot) => slot.gap),
    collateralSign: input.collateral.map((slot) => slot.sign),
    collateralMagnitude: input.collateral.map((slot) => slot.magnitude),
    positionCount: input.positionCount,
    positionGap: input.positions.map((slot) => slot.gap),
    sizeSign: input.positions.map((slot) => slot.sizeSign),
    size: input.positions.map((slot) => slot.size),
    costSign: input.positions.map((slot) => slot.costSign),
    cost: input.positions.map((slot) => slot.cost),
    modelVersion: input.model.version,
    claim: input.model.claim,
    tierRule: input.model.tierRule,
    haircutRule: input.model.haircutRule,
    riskTime: input.riskTime,
    tableNodes: input.tableNodes,
    collateralRow: input.collateralRows.map((opening) => withoutExtension(opening.row)),
    collateralRowIndex: input.collateralRows.map((opening) => opening.index),
    collateralRowChildren: input.collateralRows.map((opening) => opening.children),
    positionRow: input.positionRows.map((opening) => withoutExtension(opening.row)),
    positionRowIndex: input.positionRows.map((opening) => opening.index),
    positionRowChildren: input.positionRows.map((opening) => opening.children),
  };
}

/** A row as this family's circuits take it: they set the extension to zero themselves. */
const withoutExtension = (row: TableRowFields): readonly bigint[] => rowElements(row).slice(0, -1);
