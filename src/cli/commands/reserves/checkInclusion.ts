import type { Command } from 'commander';
import {
  type CheckedInclusion,
  checkInclusion,
  type InclusionExpectations,
} from '../../../attestation/checkInclusion.js';
import { describeInclusion } from '../../../attestation/describeInclusion.js';
import { readBundleRoots } from '../../../attestation/readBundleRoots.js';
import { accountIdOf, normalizeIdentifier } from '../../../book/accountId.js';
import { SolvencyError } from '../../../errors.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../../../protocol/constants.js';
import { fieldElement, readTable, readText, wholeNumber } from '../../input.js';
import { print } from '../../output.js';

interface CheckInclusionOptions {
  readonly bundle?: string;
  readonly accountRoot?: string;
  readonly snapshot?: string;
  readonly venueStart?: string;
  readonly account?: string;
  readonly json?: true;
}

/** `reserves check-inclusion`: shows a user what was counted of their account. */
export function reservesCheckInclusionCommand(group: Command): void {
  group
    .command('check-inclusion <file>')
    .description('check that your account was counted, and see with what')
    .option('--bundle <folder>', 'the attestation that your account should be in')
    .option('--account-root <number>', 'in place of --bundle: the account root that you trust')
    .option('--snapshot <file>', 'with --account-root: the snapshot that accounts were valued under')
    .option('--venue-start <number>', "with --account-root: first place of the venue's own accounts")
    .option('--account <identifier>', 'what the venue knows you by: shows that the leaf is yours, and nobody else’s')
    .option('--json', 'print JSON')
    .action(async (file: string, given: CheckInclusionOptions) => {
      const expected = await expectations(given);
      const { venue } = expected.table.snapshot.registry;
      const accountId = given.account === undefined ? {} : { accountId: idOf(venue, given.account) };
      const included = await checkInclusion(await readText(file), file, { ...expected, ...accountId });
      const note =
        given.bundle === undefined
          ? 'That is worth as much as your source of the account root and the snapshot.'
          : `That the bundle itself is true, and with which keys it was proven, is for: zk-solvency reserves verify ${given.bundle} --policy <file> --block-hash <chain:hash>`;
      print(
        { json: { ...jsonOf(included), note }, lines: [...describeInclusion(included), note] },
        given.json === true,
      );
    });
}

async function expectations(given: CheckInclusionOptions): Promise<InclusionExpectations> {
  const { bundle, accountRoot, snapshot, venueStart } = given;
  if (bundle !== undefined && accountRoot === undefined && snapshot === undefined && venueStart === undefined) {
    return readBundleRoots(bundle);
  }
  if (bundle !== undefined || accountRoot === undefined || snapshot === undefined) {
    throw new SolvencyError('INVALID_INPUT', 'Give either --bundle, or --account-root and --snapshot.');
  }
  const places = BigInt(TREE_ARITY ** ACCOUNT_TREE_DEPTH);
  const start = venueStart === undefined ? places : wholeNumber('--venue-start', venueStart);
  return {
    accountRoot: fieldElement('--account-root', accountRoot),
    table: await readTable(snapshot),
    venueStart: Number(start < places ? start : places),
  };
}

function idOf(venue: string, text: string): bigint {
  const identifier = normalizeIdentifier(text);
  if (identifier === undefined) {
    throw new SolvencyError('INVALID_INPUT', '--account must be 1 to 200 visible characters.', {
      details: { flag: '--account' },
    });
  }
  return accountIdOf(venue, identifier);
}

const jsonOf = ({ index, identified, figures, balances, positions, owed, deficit }: CheckedInclusion) => ({
  index,
  identified,
  balances,
  positions,
  equity: figures.equity,
  standing: figures.standing,
  owed,
  deficit,
});
