import type { Command } from 'commander';
import { ownershipText, ownershipTypedData } from '../../../reserves/ownershipMessage.js';
import { fieldElement, seconds } from '../../input.js';
import { print } from '../../output.js';
import { accountRootOption, timeOption } from './attestationOptions.js';

interface OwnershipMessageOptions {
  readonly venue: string;
  readonly accountRoot: string;
  readonly time: string;
  readonly chain: string;
  readonly address: string;
  readonly json?: true;
}

/** `ownership-message`: prints what the owner of an address signs, in both forms. */
export function reservesOwnershipMessageCommand(group: Command): void {
  group
    .command('ownership-message')
    .description('print what the owner of an address signs: the text (EIP-191) and the typed data (EIP-712)')
    .requiredOption('--venue <name>', "the venue's name, as the policy has it")
    .addOption(accountRootOption())
    .addOption(timeOption())
    .requiredOption('--chain <id>', 'the chain id')
    .requiredOption('--address <address>', 'the address')
    .option('--json', 'print JSON')
    .action((given: OwnershipMessageOptions) => {
      const claim = {
        venue: given.venue,
        accountRoot: fieldElement('--account-root', given.accountRoot),
        time: seconds('--time', given.time),
        chainId: seconds('--chain', given.chain),
        address: given.address,
      };
      const [text, typedData] = [ownershipText(claim), ownershipTypedData(claim)];
      print(
        {
          json: { text, typedData },
          lines: [
            'Sign one of the two. EIP-191 (personal_sign), the text between the lines, without a line break at its end:',
            '----',
            text,
            '----',
            'EIP-712 (eth_signTypedData_v4); contract wallets (EIP-1271) sign this one:',
            JSON.stringify(typedData, null, 2),
          ],
        },
        given.json === true,
      );
    });
}
