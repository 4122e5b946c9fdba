import { z } from 'zod';
import { accountRoot } from '../account/accountRoot.js';
import type { AccountPackage } from '../account/accountTree.js';
import { checkHoldings } from '../account/slots.js';
import { SolvencyError } from '../errors.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';
import { type Registry, registryHash, venueId } from '../snapshot/registry.js';
import { accountRootOpeningFields, openingFromFields, openingToFields } from './accountRootOpening.js';
import { entryId, fieldElement, nameText, saltElement, wholeNumber } from './fields.js';
import {
  collateralFields,
  costField,
  readBalance,
  readPosition,
  sizeFields,
  writeBalance,
  writePosition,
} from './holdings.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const accountPackageSchema = fileSchema('account-package', {
  venue: nameText,
  ownerCommitment: fieldElement,
  accountId: fieldElement,
  salt: saltElement,
  collateral: z.array(z.strictObject({ id: entryId, ...collateralFields })),
  positions: z.array(z.strictObject({ id: entryId, ...sizeFields, cost: costField })),
  path: z.strictObject({
    index: wholeNumber(0, TREE_ARITY ** ACCOUNT_TREE_DEPTH - 1),
    siblings: z
      .array(
        z.array(fieldElement).length(TREE_ARITY - 1, { error: `must hold ${TREE_ARITY - 1} siblings`, abort: true }),
      )
      .length(ACCOUNT_TREE_DEPTH, { error: `must hold ${ACCOUNT_TREE_DEPTH} levels, from the leaves up`, abort: true }),
  }),
  accountRootOpening: accountRootOpeningFields,
  accountRoot: fieldElement,
});

/**
 * Reads `zk-solvency/account-package`: what a venue hands to the owner of one account, or to the user of an exchange,
 * to see what was counted and to prove with it. The registry must be the one that the account root commits to, since
 * symbols and decimals mean nothing without it. That the leaf and its path lead to the tree root is packageRoot's part.
 * Errors: those of readFormat, MISMATCH (venue, registry, an id that is not its symbol's, an account root that is not
 * its opening's), UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, NOT_REPRESENTABLE, OUT_OF_RANGE, DUPLICATE, INVALID_INPUT.
 */
export function parseAccountPackage(text: string, where: string, registry: Registry): AccountPackage {
  const file = readFormat(accountPackageSchema, text, { name: 'account-package', where });
  const root = openingFromFields(file.accountRootOpening);
  if (file.venue !== registry.venue || root.venueId !== venueId(registry)) {
    throw mismatch(where, `is a package of another venue than ${registry.venue}`);
  }
  if (root.registryHash !== registryHash(registry)) {
    throw mismatch(where, `was made under another registry than version ${registry.version} of ${registry.venue}`);
  }
  if (accountRoot(root) !== BigInt(file.accountRoot)) {
    throw mismatch(`${where}: accountRoot`, 'is not the hash of accountRootOpening');
  }
  const symbols = symbolsOf(registry);
  const account = {
    ownerCommitment: BigInt(file.ownerCommitment),
    accountId: BigInt(file.accountId),
    salt: BigInt(file.salt),
    collateral: file.collateral.map(({ id, asset, amount }, index) => {
      const path = `${where}: collateral[${index}]`;
      const entry = assetOf(symbols, asset, `${path}.asset`);
      if (entry.id !== id) throw mismatch(path, "has an id that is not its symbol's");
      return readBalance(entry, amount, path);
    }),
    positions: file.positions.map(({ id, instrument, size, cost }, index) => {
      const path = `${where}: positions[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      if (entry.id !== id) throw mismatch(path, "has an id that is not its symbol's");
      return readPosition(entry, size, cost, path);
    }),
  };
  checkHoldings(account);
  const path = { index: file.path.index, siblings: file.path.siblings.map((level) => level.map(BigInt)) };
  return { account, path, root };
}

/** Writes a package; errors UNKNOWN_ASSET and UNKNOWN_INSTRUMENT for ids outside the registry. */
export function serializeAccountPackage({ account, path, root }: AccountPackage, registry: Registry): string {
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const fields: Omit<z.infer<typeof accountPackageSchema>, 'format' | 'version'> = {
    venue: registry.venue,
    ownerCommitment: account.ownerCommitment.toString(),
    accountId: account.accountId.toString(),
    salt: account.salt.toString(),
    collateral: account.collateral.map((entry) => ({
      id: entry.assetId,
      ...writeBalance(asset(entry.assetId), entry),
    })),
    positions: account.positions.map((entry) => ({
      id: entry.instrumentId,
      ...writePosition(instrument(entry.instrumentId), entry),
    })),
    path: { index: path.index, siblings: path.siblings.map((level) => level.map(String)) },
    accountRootOpening: openingToFields(root),
    accountRoot: accountRoot(root).toString(),
  };
  return writeFormat('account-package', fields);
}

const mismatch = (where: string, what: string): SolvencyError =>
  new SolvencyError('MISMATCH', `${where} ${what}.`, { details: { where } });
