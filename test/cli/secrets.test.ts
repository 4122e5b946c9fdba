import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeUrl } from '../../src/cli/nodeUrl.js';
import { commandTree } from '../../src/cli/run.js';
import { runHere } from './command.js';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/hyperliquid');
const KEY = '0x00000000000000000000000000000000000000000000000000000000000000a7';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-secrets-'));
});
afterAll(() => rm(folder, { recursive: true }));

const prove = (identity: string): readonly string[] => [
  ...['prove', '--account', `${EXAMPLE}/account-package.json`, '--identity', identity],
  ...['--snapshot', `${EXAMPLE}/snapshot-maintenance.json`, '--artifacts', join(folder, 'none')],
  ...['--out', join(folder, 'proof.json')],
];

const allWords = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(allWords)];

describe('a secret as an argument, which others read in the list of processes and the shell’s history', () => {
  /** Words that name what is secret, or a key of either kind. */
  const SECRET = /key|secret|identity|entropy|passw|mnemonic|phrase|token|salt|words|seed/;
  /** What these words name that is public. */
  const PUBLIC = ['--key-hash <hash>', '--seed <text>'];
  const FILE = /[<[](?:[a-z]+\|)?file[\]>]$/;

  it('is taken by no word of the command: what is secret is named by its file', () => {
    const flags = allWords(commandTree()).flatMap(({ options }) => options.map((option) => option.flags));
    const named = flags.filter((flag) => SECRET.test(flag) && !PUBLIC.includes(flag));
    expect(new Set(named)).toEqual(
      new Set(['--identity <file>', '--key <file>', '--venue-key <file>', '--words [file]']),
    );
    expect(named.filter((flag) => !FILE.test(flag))).toEqual([]);
    expect(flags.filter((flag) => flag.startsWith('--rpc'))).toEqual(Array<string>(3).fill('--rpc <url|file>'));
  });

  it.each([KEY, KEY.slice(2)])('is refused in place of a file’s name, and not repeated: %s', async (secret) => {
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await runHere([...prove(secret), ...more]);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('A secret was given where the name of its file belongs');
      expect(stdout + stderr).not.toContain(KEY.slice(-8));
    }
  });

  it.each([
    ['in the path', 'https://example.org/v3/0123456789abcdef0123456789abcdef'],
    ['in the query', 'https://example.org/?apikey=abc'],
    ['as a password', 'https://user:abc@example.org/'],
  ])('is refused in the URL of a node, %s', async (_, url) => {
    const refusal = await nodeUrl(url).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', details: { flag: '--rpc' } });
    expect(JSON.stringify(refusal)).not.toMatch(/0123456789|abc/);
    const path = join(folder, 'node.txt');
    await writeFile(path, `${url}\n`, { mode: 0o600 });
    expect(await nodeUrl(path)).toBe(url);
  });

  it('is seen in no plain URL of a node', async () => {
    for (const url of [
      'http://127.0.0.1:8545',
      'https://rpc.example.org/ethereum/mainnet',
      'https://a-long-name-of-a-host.example.org',
    ]) {
      expect(await nodeUrl(url)).toBe(url);
    }
  });
});

describe.skipIf(process.platform === 'win32')('a secret in a file that others may read', () => {
  it.each([
    [0o600, false],
    [0o400, false],
    [0o640, true],
    [0o604, true],
    [0o644, true],
  ])('of mode %o is told of: %s', async (mode, isTold) => {
    const path = join(folder, 'me.json');
    await rm(path, { force: true });
    await writeFile(path, await readFile(join(EXAMPLE, 'identity.json')), { mode: 0o600 });
    await chmod(path, mode);
    const { stderr, stdout } = await runHere(prove(path));
    expect(stderr.includes(`Warning: others on this machine may read the secret in ${path}.`)).toBe(isTold);
    expect(stdout).toBe('');
  });
});
