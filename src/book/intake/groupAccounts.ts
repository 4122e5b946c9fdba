import type { CollateralEntry, PositionEntry } from '../../account/account.js';
import { FIELD_ORDER } from '../../protocol/constants.js';
import { accountIdOf } from '../accountId.js';
import type { BinaryRecord } from '../binaryRecord.js';
import type { BookAccount, RandomBytes } from '../bookAccount.js';
import { decodeEntry, ENTRY_KIND, type EntryHead, type EntryKind } from './entryRecord.js';
import type { Faults } from './faults.js';

/** Which file each kind of entry stands in. */
export type FileOf = (kind: EntryKind) => string;

export interface GroupingRules {
  readonly venue: string;
  /** most entries of one account */
  readonly most: { readonly assets: number; readonly positions: number };
  readonly fileOf: FileOf;
  readonly random: RandomBytes;
}

/** What was left out on the way. */
export interface LeftOut {
  /** rows of amount or size zero */
  zeroEntries: number;
  /** accounts that have rows, all of them of zero */
  emptyAccounts: number;
}

const THING: Readonly<Record<EntryKind, string>> = {
  [ENTRY_KIND.balance]: 'account and asset',
  [ENTRY_KIND.position]: 'account and instrument',
  [ENTRY_KIND.owner]: 'account',
  [ENTRY_KIND.venueAccount]: 'account',
};

/**
 * The accounts of sorted entries, holdings sorted by id. Faults: DUPLICATE (one thing twice, which would split it across
 * margin tiers), MISMATCH (an owner, or a mark of the venue, for an account that is in no file), TOO_MANY_ASSETS,
 * TOO_MANY_POSITIONS. An account with a fault is yielded all the same: nothing is used then.
 */
export function* groupAccounts(
  entries: Iterable<BinaryRecord>,
  rules: GroupingRules,
  faults: Faults,
  leftOut: LeftOut,
): Generator<BookAccount, void, undefined> {
  // rows that could not be read may be all that there is of an account
  const complete = faults.none;
  let open: OpenAccount | undefined;
  for (const record of entries) {
    const entry = decodeEntry(record);
    if (open === undefined || open.identifier !== entry.identifier) {
      if (open !== undefined) yield* closed(open, rules, faults, leftOut, complete);
      open = new OpenAccount(entry.identifier);
    }
    const at = { file: rules.fileOf(entry.kind), row: entry.row };
    const { previous } = open;
    if (previous !== undefined && previous.kind === entry.kind && previous.id === entry.id) {
      const advice = entry.kind <= ENTRY_KIND.position ? ': net them into one' : '';
      faults.add('DUPLICATE', at, `is about the same ${THING[entry.kind]} as row ${previous.row}${advice}`);
    } else {
      open.take(entry, leftOut);
      if (open.collateral.length === rules.most.assets + 1 && entry.kind === ENTRY_KIND.balance) {
        faults.add('TOO_MANY_ASSETS', at, `is one more than the ${rules.most.assets} assets that an account may hold`);
      }
      if (open.positions.length === rules.most.positions + 1 && entry.kind === ENTRY_KIND.position) {
        const what = `is one more than the ${rules.most.positions} positions that an account may hold`;
        faults.add('TOO_MANY_POSITIONS', at, what);
      }
    }
    if (faults.full) return;
  }
  if (open !== undefined) yield* closed(open, rules, faults, leftOut, complete);
}

/** The rows of one account so far. */
class OpenAccount {
  readonly collateral: CollateralEntry[] = [];
  readonly positions: PositionEntry[] = [];
  readonly identifier: string;
  previous: EntryHead | undefined;
  ownerCommitment: bigint | undefined;
  venueOwned = false;
  held = false;

  constructor(identifier: string) {
    this.identifier = identifier;
  }

  take({ values, ...head }: ReturnType<typeof decodeEntry>, leftOut: LeftOut): void {
    this.previous = head;
    if (head.kind === ENTRY_KIND.owner) this.ownerCommitment = values.field();
    if (head.kind === ENTRY_KIND.venueAccount) this.venueOwned = true;
    if (head.kind > ENTRY_KIND.position) return;
    this.held = true;
    const amount = values.signed();
    if (amount === 0n) leftOut.zeroEntries++;
    else if (head.kind === ENTRY_KIND.balance) this.collateral.push({ assetId: head.id, amount });
    else this.positions.push({ instrumentId: head.id, size: amount, cost: values.signed() });
  }
}

function* closed(
  open: OpenAccount,
  { venue, fileOf, random }: GroupingRules,
  faults: Faults,
  leftOut: LeftOut,
  complete: boolean,
): Generator<BookAccount, void, undefined> {
  const { identifier, collateral, positions, ownerCommitment, venueOwned, previous } = open;
  if (!open.held) {
    const { kind, row } = previous as EntryHead;
    const at = { file: fileOf(kind), row, column: 'account' };
    if (complete) faults.add('MISMATCH', at, 'has neither a balance nor a position in the files');
    return;
  }
  if (collateral.length + positions.length === 0) {
    leftOut.emptyAccounts++;
    return;
  }
  yield {
    identifier,
    accountId: accountIdOf(venue, identifier),
    ownerCommitment: ownerCommitment ?? venueMadeOwner(random),
    provable: ownerCommitment !== undefined,
    venueOwned,
    holdings: { collateral, positions },
  };
}

/** A commitment of which nobody knows a secret: uniform below r, so that it looks like any other. */
function venueMadeOwner(random: RandomBytes): bigint {
  for (;;) {
    // r has 254 bits
    const candidate = BigInt(`0x${Buffer.from(random(32)).toString('hex')}`) >> 2n;
    if (candidate < FIELD_ORDER) return candidate;
  }
}
