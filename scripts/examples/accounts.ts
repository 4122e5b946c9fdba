import type { Account, Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { type AccountPackage, commitAccounts } from '../../src/account/accountTree.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { textHash } from '../../src/hash/textHash.js';
import { type Registry, registryHash, venueId } from '../../src/snapshot/registry.js';

/** The secret behind the example accounts. It is public, so it protects nothing: never use it elsewhere. */
export const exampleSecret = (name: string): bigint => textHash(`zk-solvency example owner ${name}`);

/** A venue's tree of a few accounts with the example among them, and the example's package. */
export function examplePackage(name: string, registry: Registry, holdings: Holdings, time: number): AccountPackage {
  const account = (who: string, held: Holdings): Account => ({
    ...held,
    ownerCommitment: ownerCommitment(exampleSecret(who)),
    accountId: textHash(`zk-solvency example account ${who}`),
    salt: textHash(`zk-solvency example salt ${who}`),
  });
  const quote = registry.entries.find((entry) => entry.symbol === registry.quote)?.id ?? 1;
  const others = Array.from({ length: 20 }, (_, k) =>
    account(`${name} neighbour ${k}`, {
      collateral: [{ assetId: quote, amount: BigInt(k + 1) * 10n ** 8n }],
      positions: [],
    }),
  );
  const packages = commitAccounts([...others.slice(0, 13), account(name, holdings), ...others.slice(13)], {
    venueId: venueId(registry),
    registryHash: registryHash(registry),
    time: BigInt(time),
  });
  return packages[13] as AccountPackage;
}

export const rootOf = ({ root }: AccountPackage): bigint => accountRoot(root);
