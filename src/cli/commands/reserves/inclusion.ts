import { join } from 'node:path';
import type { Command } from 'commander';
import { BOOK_FILES } from '../../../attestation/commitAttestedBook.js';
import { inclusionFile, writeInclusionFiles } from '../../../book/inclusion.js';
import { openBook } from '../../../book/store.js';
import { writeFileAtomic } from '../../../files.js';
import { readTable } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { snapshotOption } from '../../options.js';
import { print } from '../../output.js';

interface InclusionOptions {
  readonly book: string;
  readonly account?: string;
  readonly snapshot: string;
  readonly out: string;
  readonly json?: true;
}

/** `inclusion`: the files in which users find their accounts, of all of them or of one. */
export function reservesInclusionCommand(group: Command): void {
  group
    .command('inclusion')
    .description('write the account packages of a committed book: of every user, or of one')
    .requiredOption('--book <folder>', 'the committed book, as `reserves commit` wrote it')
    .option('--account <identifier>', 'only this account, as the files of the book name it')
    .addOption(snapshotOption())
    .requiredOption('--out <path>', 'the folder to be made, or the file of one account')
    .option('--json', 'print JSON')
    .action(async ({ book: folder, account, snapshot, out, json }: InclusionOptions) => {
      const { registry } = (await readTable(snapshot)).snapshot;
      const book = await openBook(join(folder, BOOK_FILES.store));
      try {
        if (account !== undefined) await writeFileAtomic(out, inclusionFile(book, registry, account), 0o600);
        const files =
          account === undefined ? await writeInclusionFiles(book, registry, out, { signal: cancelOnInterrupt() }) : 1;
        print(
          {
            json: { out, files },
            lines: [`Wrote ${files} to ${out}. Each is private: hand it to the owner of the account alone.`],
          },
          json === true,
        );
      } finally {
        book.close();
      }
    });
}
