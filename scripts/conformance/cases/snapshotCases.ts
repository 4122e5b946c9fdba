import { accountRoot } from '../../../src/account/accountRoot.js';
import { CLOSING_PROOF_PATH } from '../../../src/attestation/bookProofs.js';
import { serializeSnapshot } from '../../../src/formats/snapshot.js';
import { shapeOf } from '../../../src/liabilities/batchClasses.js';
import { bookParameters } from '../../../src/liabilities/bookParameters.js';
import { liabilitiesTableHash } from '../../../src/liabilities/liabilitiesTable.js';
import { liabilitiesTable } from '../../../src/liabilities/tableChoice.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { circuitByName } from '../../../src/setup/circuits.js';
import type { TieredSnapshot } from '../../../src/snapshot/snapshot.js';
import { type Draft, SNAPSHOT_PATH } from '../draft.js';
import { CHOICE, registry, snapshot } from '../market.js';
import { type BundleSpec, editJson, editProof, forgery, proofOf, type Workshop } from '../workshop.js';

const withBitcoinAt = (price: bigint): TieredSnapshot => ({
  ...snapshot,
  assets: snapshot.assets.map((asset) => (asset.assetId === 2 ? { ...asset, price: price * 10n ** 8n } : asset)),
});

/** Puts another snapshot into the bundle, with its root. */
function put({ attestation, files }: Draft, other: TieredSnapshot): void {
  files.set(SNAPSHOT_PATH, serializeSnapshot(other));
  attestation.riskRoot = buildRiskTable(other).riskRoot;
}

/** The snapshot, its tables, and the account root over the same registry. */
export function snapshotCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const changeRoot = (draft: Draft): void => {
    draft.attestation.accountRootOpening.time += 1n;
    draft.attestation.accountRoot = accountRoot(draft.attestation.accountRootOpening);
  };
  return Promise.all([
    forgery(
      workshop,
      ['snapshot-other-price', 'RISK_ROOT', 'Another price of a coin, under the old risk root'],
      ({ files }) => {
        files.set(SNAPSHOT_PATH, serializeSnapshot(withBitcoinAt(60_010n)));
      },
    ),
    forgery(
      workshop,
      [
        'snapshot-other-price-and-root',
        'BATCH_TABLE',
        'Another price, within the policy’s marks, with its risk root: the proofs were made under other tables',
      ],
      (draft) => put(draft, withBitcoinAt(60_010n)),
    ),
    forgery(
      workshop,
      [
        'snapshot-other-price-in-signals',
        'BATCH_PROOF',
        'The same, and the new tables written into the signals of the proofs',
      ],
      (draft) => {
        const other = withBitcoinAt(60_010n);
        put(draft, other);
        draft.attestation.batches.forEach(({ table }, batch) => {
          const shape = shapeOf(circuitByName(draft.attestation.tables[table]?.circuit as string));
          const made = liabilitiesTable(CHOICE, shape, bookParameters(buildRiskTable(other)));
          editProof(draft, proofOf(draft, batch), ({ publicSignals }) => {
            publicSignals[3] = liabilitiesTableHash(made);
          });
        });
      },
    ),
    forgery(
      workshop,
      [
        'snapshot-price-outside-marks',
        'MARKS',
        'A coin at five sixths of its price makes its depositors’ balances cheap',
      ],
      (draft) => put(draft, withBitcoinAt(50_000n)),
    ),
    forgery(workshop, ['snapshot-prices-swapped', 'MARKS', 'Two assets have each other’s value'], (draft) =>
      put(draft, {
        ...snapshot,
        assets: snapshot.assets.map((asset) =>
          asset.assetId === 2
            ? { ...asset, price: 2_500n * 10n ** 8n }
            : asset.assetId === 3
              ? { ...asset, price: 60_000n * 10n ** 10n }
              : asset,
        ),
      }),
    ),
    forgery(
      workshop,
      ['snapshot-without-an-instrument', 'TABLE_INVALID', 'An instrument that accounts hold is left out'],
      (draft) => put(draft, { ...snapshot, instruments: snapshot.instruments.slice(0, 1) }),
    ),
    forgery(
      workshop,
      ['snapshot-tiers-in-disorder', 'SNAPSHOT_INVALID', 'A margin tier ends before it begins'],
      ({ files }) => {
        editJson(files, SNAPSHOT_PATH, (json) => {
          const [first, second] = json.instruments[0].tiers;
          json.instruments[0].tiers = [second, first];
        });
      },
    ),
    forgery(workshop, ['snapshot-price-zero', 'SNAPSHOT_INVALID', 'A price of zero'], ({ files }) => {
      editJson(files, SNAPSHOT_PATH, (json) => {
        json.assets[1].price = '0';
      });
    }),
    forgery(
      workshop,
      ['snapshot-other-registry', 'REGISTRY', 'A registry in which two symbols have changed places'],
      (draft) =>
        put(draft, {
          ...snapshot,
          registry: {
            ...registry,
            entries: registry.entries.map((entry) =>
              entry.id === 2 ? { ...entry, symbol: 'ETH' } : entry.id === 3 ? { ...entry, symbol: 'BTC' } : entry,
            ),
          },
        }),
    ),
    forgery(workshop, ['snapshot-of-another-hour', 'AGE', 'Prices of an hour later'], (draft) =>
      put(draft, { ...snapshot, time: snapshot.time + 3_600 }),
    ),
    forgery(
      workshop,
      ['account-time-changed', 'ACCOUNT_ROOT_OPENING', 'Another time under the old account root'],
      ({ attestation }) => {
        attestation.accountRootOpening.time += 1n;
      },
    ),
    forgery(workshop, ['account-root-changed', 'CLOSING_SIGNALS', 'Another time, with its account root'], changeRoot),
    forgery(
      workshop,
      [
        'account-root-in-signals',
        'CLOSING_PROOF',
        'The same, and the root written into the signals of the closing proof',
      ],
      (draft) => {
        changeRoot(draft);
        editProof(draft, CLOSING_PROOF_PATH, ({ publicSignals }) => {
          publicSignals[2] = draft.attestation.accountRoot;
        });
      },
    ),
    forgery(
      workshop,
      ['table-row-left-out', 'BATCH_TABLE', 'A margin tier less in a table: nobody needs it, and it is another table'],
      ({ attestation }) => {
        for (const { choice } of attestation.tables) choice.tiers = choice.tiers.slice(0, 3);
      },
    ),
    forgery(workshop, ['table-rows-swapped', 'BATCH_TABLE', 'The same rows in another order'], ({ attestation }) => {
      for (const { choice } of attestation.tables) choice.instruments = [101, 100];
    }),
    forgery(workshop, ['table-row-twice', 'TABLE_INVALID', 'A row named twice'], ({ attestation }) => {
      for (const { choice } of attestation.tables) choice.tiers = [...choice.tiers, [100, 0]];
    }),
    forgery(
      workshop,
      ['table-row-unknown', 'TABLE_INVALID', 'A row that the snapshot does not have'],
      ({ attestation }) => {
        for (const { choice } of attestation.tables) choice.tiers = [...choice.tiers, [100, 9]];
      },
    ),
    forgery(
      workshop,
      ['table-settle-assets-left-out', 'TABLE_INVALID', 'A table that does not begin with the settle assets'],
      ({ attestation }) => {
        for (const { choice } of attestation.tables) choice.assets = [2, 1, 3, 4];
      },
    ),
    forgery(
      workshop,
      ['table-of-another-circuit', 'BATCH_CIRCUIT', 'Proofs of one circuit under the table of another'],
      ({ attestation }) => {
        const [small, large] = attestation.tables;
        if (small !== undefined && large !== undefined) attestation.tables = [large, large];
      },
    ),
    forgery(
      workshop,
      ['table-that-there-is-not', 'TABLE_INVALID', 'A batch under a table that the manifest does not have'],
      ({ attestation }) => {
        for (const batch of attestation.batches) batch.table = 2;
      },
    ),
  ]);
}
