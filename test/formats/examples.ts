import { type AccountPackage, commitAccounts } from '../../src/account/accountTree.js';
import { serializeAccount } from '../../src/formats/account.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { serializeParameters } from '../../src/formats/parameters.js';
import { serializePrices } from '../../src/formats/prices.js';
import { serializeProof } from '../../src/formats/proof.js';
import { serializeRegistry } from '../../src/formats/registry.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import type { MarginProof } from '../../src/proof/marginProof.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { parameters, prices, registry, small } from '../snapshot/example.js';

export const account = {
  ownerCommitment: FIELD_ORDER - 1n,
  accountId: 2n ** 200n,
  salt: 2n ** 247n + 3n,
  collateral: [
    { assetId: 1, amount: -1_250_000_000n },
    { assetId: 7, amount: 2n ** 64n - 1n },
  ],
  positions: [
    { instrumentId: 4, size: 1_500_000n, cost: 90_000_000_001n },
    { instrumentId: 5, size: -50_000_000n, cost: -1_300_050_000_000n },
  ],
};

export const accountPackage = commitAccounts([{ ...account, salt: 2n ** 247n + 9n }, account], {
  venueId: venueId(registry),
  registryHash: registryHash(registry),
  time: 1_700_000_000n,
})[1] as AccountPackage;

/** Not a valid proof, but every figure stands for itself. */
export const marginProof: MarginProof = {
  circuit: 'margin-8',
  keyHash: 'ab'.repeat(32),
  setup: 'development',
  publicSignals: {
    accountRoot: FIELD_ORDER - 1n,
    riskRoot: 2n,
    thresholdBps: 12_000n,
    equityFloor: 4n,
    nullifier: 5n,
    scope: 6n,
    context: 7n,
  },
  proof: {
    // above the scalar field's order, below the base field's: a coordinate may be that
    a: [FIELD_ORDER, 11n],
    b: [
      [12n, 13n],
      [14n, 15n],
    ],
    c: [16n, 17n],
  },
  accountRootOpening: accountPackage.root,
};

/** One valid text per format. */
export const texts = {
  account: serializeAccount(account, registry),
  'account-package': serializeAccountPackage(accountPackage, registry),
  identity: serializeIdentity({ ownerSecret: 255n, ownerCommitment: 4n }),
  parameters: serializeParameters(parameters),
  prices: serializePrices(prices, registry),
  proof: serializeProof(marginProof),
  registry: serializeRegistry(registry),
  snapshot: serializeSnapshot(small),
};

export type FormatName = keyof typeof texts;
