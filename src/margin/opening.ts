import type { AccountOpening } from '../account/accountOpening.js';
import { type AccountPackage, packageRoot, pathChildren } from '../account/accountTree.js';
import { leafOf } from '../account/leaf.js';
import { nullifier } from '../account/nullifier.js';
import { collateralSlots, positionSlots } from '../account/slots.js';
import { padded } from '../numbers/padded.js';
import type { PUBLIC_SIGNALS } from '../protocol/constants.js';
import type { ModelFields } from '../risk/modelHash.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { RowOpening, RowPlace } from '../risk/tableLookup.js';
import { rowElements, type TableRowFields } from '../risk/tableRow.js';

/** The seven public signals by name. */
export type PublicSignals = Readonly<Record<(typeof PUBLIC_SIGNALS)[number], bigint>>;

/** What a proof is to claim and be bound to. */
export interface ProofRequest {
  /** margin ratio to show, in basis points: 10,000 is exactly the requirement */
  readonly thresholdBps: bigint;
  /** equity to show, in 1e-16 quote units */
  readonly equityFloor: bigint;
  readonly scope: bigint;
  readonly context: bigint;
}

/** Slots of a circuit. */
export interface Capacity {
  readonly positions: number;
  readonly assets: number;
}

/** What every family of margin circuits takes. */
export interface MarginOpening {
  readonly signals: PublicSignals;
  readonly account: AccountOpening;
  readonly model: ModelFields;
  readonly riskTime: bigint;
  readonly tableNodes: readonly bigint[];
  readonly collateralRows: readonly RowOpening<TableRowFields>[];
}

/** One account under one snapshot, with what is claimed of it. */
export interface Statement {
  readonly account: AccountPackage;
  readonly ownerSecret: bigint;
  readonly table: RiskTable;
  readonly request: ProofRequest;
}

/** The part of a circuit's input that all families share. Throws what findRow throws. */
export function marginOpening(
  { account: { account, path, root }, ownerSecret, table, request }: Statement,
  capacity: Capacity,
): MarginOpening {
  const owned = (amount: bigint) => (amount > 0n ? amount : 0n);
  return {
    signals: {
      ...request,
      accountRoot: packageRoot({ account, path, root }),
      riskRoot: table.riskRoot,
      nullifier: nullifier(ownerSecret, request.scope),
    },
    account: {
      ownerSecret,
      accountId: account.accountId,
      salt: account.salt,
      leafIndex: BigInt(path.index),
      treeChildren: pathChildren(leafOf(account), path),
      venueId: root.venueId,
      time: root.time,
      registryHash: root.registryHash,
      collateralCount: BigInt(account.collateral.length),
      collateral: collateralSlots(account, capacity.assets),
      positionCount: BigInt(account.positions.length),
      positions: positionSlots(account, capacity.positions),
    },
    model: table.model,
    riskTime: table.opening.time,
    tableNodes: table.nodes,
    collateralRows: padded(
      account.collateral.map(({ assetId, amount }) =>
        openRow<TableRowFields>(table, findRow(table, 'asset', assetId, owned(amount))),
      ),
      openRow<TableRowFields>(table, firstOf(table, 'asset')),
      capacity.assets,
    ),
  };
}

/** Place of the first row of a kind, whose floor is zero: what a slot of padding looks up. Without one, any row does. */
export const firstOf = (table: RiskTable, kind: RiskTable['rows'][number]['kind']): number =>
  Math.max(
    0,
    table.rows.findIndex((row) => row.kind === kind),
  );

/** The shared part as signals by the names of the circuits. A bus is given flat, its fields in their order. */
export function openingSignals(input: MarginOpening): Record<string, bigint | readonly bigint[]> {
  const { account } = input;
  return {
    ...input.signals,
    account: [
      account.ownerSecret,
      account.accountId,
      account.salt,
      account.leafIndex,
      ...account.treeChildren.flat(),
      account.venueId,
      account.time,
      account.registryHash,
      account.collateralCount,
      ...account.collateral.map((slot) => slot.gap),
      ...account.collateral.map((slot) => slot.sign),
      ...account.collateral.map((slot) => slot.magnitude),
      account.positionCount,
      ...account.positions.map((slot) => slot.gap),
      ...account.positions.map((slot) => slot.sizeSign),
      ...account.positions.map((slot) => slot.size),
      ...account.positions.map((slot) => slot.costSign),
      ...account.positions.map((slot) => slot.cost),
    ],
    modelVersion: input.model.version,
    claim: input.model.claim,
    riskTime: input.riskTime,
    tableNodes: input.tableNodes,
    collateralRow: input.collateralRows.flatMap(({ row }) => rowElements(row)),
    collateralPlace: input.collateralRows.flatMap(({ place }) => placeSignals(place)),
  };
}

/** The bus RowPlace. */
export const placeSignals = ({ index, children }: RowPlace): readonly bigint[] => [index, ...children.flat()];
