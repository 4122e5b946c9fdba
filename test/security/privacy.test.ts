/**
 * Attack 18: what a proof is made from leaks beside the proof: exchanges' proofs of liabilities showed users' balances in
 * sibling sums, leaves with a short salt or none were guessed, and amounts were read from logs and error messages. Here two
 * accounts with the same public signals leave no difference in anything that leaves the prover, marked values are looked for
 * in every message, salts have at least 128 bits, and a proof of the same witness is another one each time.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { type AccountPackage, commitAccounts } from '../../src/account/accountTree.js';
import { leafOf } from '../../src/account/leaf.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { readKey } from '../../src/cli/openChain.js';
import { SolvencyError } from '../../src/errors.js';
import { parseAccountPackage, serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { parseIdentity, serializeIdentity } from '../../src/formats/identity.js';
import { parseProof } from '../../src/formats/proof.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { circuitInput } from '../../src/margin/families.js';
import { prove } from '../../src/proof/prove.js';
import { snarkjsProver } from '../../src/proof/prover.js';
import { calculateWitness } from '../../src/proof/witness.js';
import { LIABILITIES_SIGNALS, PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { readR1csHeader } from '../../src/r1cs/readR1cs.js';
import type { Artifacts } from '../../src/setup/artifacts.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { writeDevelopmentKey } from '../../src/setup/developmentKey.js';
import { runHere } from '../cli/command.js';
import { TINY, TINY_INPUT } from '../setup/tiny.js';
import { ARTIFACTS, smallestArtifacts } from '../support/artifacts.js';
import { compileOnce } from '../support/compileOnce.js';
import { accountOf, OWNER_SECRET, registry, rootOf, snapshot, table, usd } from '../support/market.js';
import { SMALL } from '../support/smallCircuits.js';

/** Two accounts of one owner at one venue, as different as a circuit allows; of one owner, so that all signals are the same. */
const POOR: Holdings = { collateral: [usd(50n)], positions: [] };
const RICH: Holdings = {
  collateral: [usd(4_000_000n), { assetId: 2, amount: 73_918_273_64n }],
  positions: Array.from({ length: 8 }, (_, k) => ({
    instrumentId: 100 + 3 * k,
    size: (k % 2 === 0 ? 1n : -1n) * BigInt(611_953 + k),
    cost: (k % 2 === 0 ? 1n : -1n) * 482_915_773_001n,
  })),
};
const owned = (held: Holdings, n: bigint): Account => ({
  ...accountOf(held, n),
  ownerCommitment: ownerCommitment(OWNER_SECRET),
  accountId: 2n ** 240n + 918_273n + n,
});
const [POOR_PACKAGE, RICH_PACKAGE] = commitAccounts(
  [owned(POOR, 0n), owned(RICH, 1n)],
  rootOf(registry),
) as unknown as readonly [AccountPackage, AccountPackage];
const ROOT = accountRoot(POOR_PACKAGE.root);
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let work: string;
let artifacts: Artifacts;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'zk-solvency-privacy-'));
  artifacts = await smallestArtifacts();
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** A folder with all that its owner needs; `name` is as long for each, so that nothing but the account differs. */
async function folderOf(name: string, account: AccountPackage): Promise<string> {
  const folder = join(work, name);
  await mkdir(folder);
  await writeFile(join(folder, 'account.json'), serializeAccountPackage(account, registry), { mode: 0o600 });
  const identity = { ownerSecret: OWNER_SECRET, ownerCommitment: ownerCommitment(OWNER_SECRET) };
  await writeFile(join(folder, 'me.json'), serializeIdentity(identity), { mode: 0o600 });
  await writeFile(join(folder, 'snapshot.json'), serializeSnapshot(snapshot));
  return folder;
}

/** What a command leaves, its folder's name taken out. */
async function traces(folder: string, args: readonly string[]) {
  const outcome = await runHere(args.map((arg) => arg.replace('@', folder)));
  const text = (said: string) => said.replaceAll(folder, '@');
  return { ...outcome, stdout: text(outcome.stdout), stderr: text(outcome.stderr), files: await readdir(folder) };
}

const PROVE = [
  ...['prove', '--account', '@/account.json', '--identity', '@/me.json', '--snapshot', '@/snapshot.json'],
  ...['--scope', '5', '--context', '6', '--circuit', 'tiered-8', '--artifacts', ARTIFACTS, '--out', '@/proof.json'],
];
const VERIFY = [
  ...['verify', '--proof', '@/proof.json', '--snapshot', '@/snapshot.json', '--account-root', ROOT.toString()],
  ...['--artifacts', ARTIFACTS, '--scope', '5', '--context', '6'],
];

describe('two accounts with the same public signals', () => {
  let folders: readonly [string, string];
  const both = async (args: readonly string[]) =>
    [await traces(folders[0], args), await traces(folders[1], args)] as const;
  beforeAll(async () => {
    folders = [await folderOf('one', POOR_PACKAGE), await folderOf('two', RICH_PACKAGE)];
  });

  it('are different accounts, with different witnesses', async () => {
    const [poor, rich] = [POOR_PACKAGE, RICH_PACKAGE].map((account) =>
      circuitInput({ account, ownerSecret: OWNER_SECRET, table, request: REQUEST }, circuitByName('tiered-8').capacity),
    );
    expect(poor?.publicSignals).toEqual(rich?.publicSignals);
    expect(poor?.signals['account']).not.toEqual(rich?.signals['account']);
    const [shown, other] = await both(['evaluate', '--account', '@/account.json', '--snapshot', '@/snapshot.json']);
    expect(shown.stdout).not.toBe(other.stdout);
  });

  it.each<[string, readonly string[], string]>([
    ['below the floor', ['--floor', '900000000'], 'BELOW_FLOOR'],
    ['below the floor, told as JSON,', ['--floor', '900000000', '--json'], 'BELOW_FLOOR'],
    ['under an old snapshot', ['--max-age', '60'], 'STALE_SNAPSHOT'],
  ])('and refused %s leave no difference in words, exit code or files', async (_, more, code) => {
    const [poor, rich] = await both([...PROVE, ...more]);
    expect(poor).toEqual(rich);
    expect(poor.stdout + poor.stderr).toContain(code);
    expect(poor.files).not.toContain('proof.json');
  });

  it('and insolvent by little or by a lot leave no difference in words, exit code or files', async () => {
    const shortOf = async (lacking: bigint) => {
      const size = 3n * 10n ** 6n;
      const cost = size * 35n * 10n ** 7n + lacking * 10n ** 8n;
      const account = owned({ collateral: [usd(1n)], positions: [{ instrumentId: 100, size, cost }] }, 2n);
      const [made] = commitAccounts([account], rootOf(registry));
      return folderOf(`short-${lacking.toString().padStart(8, '0')}`, made as AccountPackage);
    };
    const [little, lot] = [await shortOf(7n), await shortOf(9_000_000n)];
    for (const json of [[], ['--json']]) {
      const outcome = await traces(little, [...PROVE, ...json]);
      expect(outcome).toEqual(await traces(lot, [...PROVE, ...json]));
      expect(outcome).toMatchObject({ code: 1, files: expect.not.arrayContaining(['proof.json']) });
      expect(outcome.stdout + outcome.stderr).toContain('INSOLVENT');
    }
  });

  it('and proven leave the same words, files and exit code, and proof files that differ in the points alone', async () => {
    const [poor, rich] = await both([...PROVE, '--json']);
    expect(poor.code, poor.stderr).toBe(0);
    expect(poor).toEqual(rich);
    const texts = await Promise.all(folders.map((folder) => readFile(join(folder, 'proof.json'), 'utf8')));
    const withoutPoints = texts.map((text) => text.replace(/"proof": \{.*?\n {2}\}/s, '"proof": {}'));
    expect(withoutPoints[0]).toBe(withoutPoints[1]);
    expect(texts[0]).not.toBe(texts[1]);
    for (const [name] of Object.entries(parseProof(texts[0] as string, 'proof').publicSignals)) {
      expect(PUBLIC_SIGNALS).toContain(name);
    }
    const [verified, other] = await both(VERIFY);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified).toEqual(other);
  });
});

describe('public signals', () => {
  it('are the documented inputs of every circuit: no wire that a verifier sees is computed from private ones', async () => {
    for (const source of SMALL) {
      const r1cs = readR1csHeader(await readFile(join(await compileOnce(source), 'circuit.r1cs')));
      expect(r1cs.outputs, source.template).toBe(0);
      expect(r1cs.publicInputs, source.template).toBe(source.publicSignals.length);
    }
    const documented = [PUBLIC_SIGNALS, ...Object.values(LIABILITIES_SIGNALS)].map((names) => names.join());
    for (const { template, publicSignals } of SMALL) expect(documented, template).toContain(publicSignals.join());
  });
});

describe('a proof of the same witness', () => {
  it('has other points each time, so that nobody sees that an account did not change', async () => {
    const compiled = await compileOnce(TINY);
    const zkey = join(work, 'tiny.zkey');
    await writeDevelopmentKey(join(compiled, 'circuit.r1cs'), zkey);
    const [wasm, key] = [await readFile(join(compiled, 'circuit.wasm')), await readFile(zkey)];
    const proven = async () => snarkjsProver.prove(key, await calculateWitness(wasm, TINY_INPUT));
    const [first, second] = [await proven(), await proven()];
    for (const point of ['a', 'b', 'c'] as const) expect(first[point]).not.toEqual(second[point]);
  });
});

describe('memory', () => {
  const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();

  it('of the witness is overwritten when the prover is done, whether it proved or failed', async () => {
    let held: Uint8Array | undefined;
    let whileProving = -1;
    const prover = {
      name: 'keeps its witness',
      prove: async (_: Uint8Array, witness: Uint8Array) => {
        held = witness;
        whileProving = Buffer.from(witness).indexOf(littleEndian(OWNER_SECRET));
        throw new SolvencyError('CANCELLED', 'Proving was cancelled.');
      },
    };
    const input = { account: RICH_PACKAGE, ownerSecret: OWNER_SECRET, table, request: REQUEST, artifacts };
    await expect(prove(input, { prover })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(whileProving).toBeGreaterThan(0);
    expect(held?.every((byte) => byte === 0)).toBe(true);
  });

  it('of the witness calculator is overwritten before the witness is handed out', async () => {
    type Instance = { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } };
    const memories: Instance['exports']['memory'][] = [];
    const engine = (
      globalThis as unknown as { WebAssembly: { instantiate: (...given: unknown[]) => Promise<Instance> } }
    ).WebAssembly;
    const { instantiate } = engine;
    engine.instantiate = async (...given) => {
      const instance = await instantiate(...given);
      memories.push(instance.exports.memory);
      return instance;
    };
    try {
      const { signals } = circuitInput(
        { account: RICH_PACKAGE, ownerSecret: OWNER_SECRET, table, request: REQUEST },
        circuitByName('tiered-8').capacity,
      );
      await (await WitnessCalculatorBuilder(artifacts.wasm)).calculateWTNSBin(signals, false);
      await calculateWitness(artifacts.wasm, signals);
    } finally {
      engine.instantiate = instantiate;
    }
    const isEmpty = memories.map(({ buffer }) => Buffer.from(buffer).every((byte) => byte === 0));
    expect(isEmpty).toEqual([false, true]);
  });
});

describe('a neighbour’s leaf', () => {
  const small = (amount: bigint, salt: bigint): Account => ({
    ...accountOf({ collateral: [usd(amount)], positions: [] }),
    salt,
  });
  /** What a user with a leaf beside theirs can do: try balances and salts. */
  const guessed = (leaf: bigint, salts: readonly bigint[]) =>
    salts.some((salt) => [1n, 2n, 3n].some((amount) => leafOf(small(amount, salt)) === leaf));

  it('gives a small balance away when its salt is short, so short salts are refused where leaves are made and read', () => {
    const short = Array.from({ length: 16 }, (_, k) => BigInt(k));
    expect(guessed(leafOf(small(2n, 7n)), short)).toBe(true);
    expect(guessed(leafOf(small(2n, 2n ** 127n + 7n)), short)).toBe(false);

    const most = 2n ** 127n - 1n;
    for (const salt of [0n, 7n, 2n ** 64n, most]) {
      expect(() => commitAccounts([small(2n, salt)], rootOf(registry))).toThrow(
        /accounts\[0\] has a salt of less than 128/,
      );
    }
    const text = serializeAccountPackage(
      commitAccounts([small(2n, most + 1n)], rootOf(registry))[0] as AccountPackage,
      registry,
    );
    expect(parseAccountPackage(text, 'package', registry).account.salt).toBe(most + 1n);
    expect(() => parseAccountPackage(text.replace(`${most + 1n}`, `${most}`), 'package', registry)).toThrow(
      /salt: must have at least 128 bits/,
    );
  });

  it('is a hash in an inclusion file: what others hold changes siblings and roots there and nothing else', () => {
    const fileWith = (others: Holdings) =>
      serializeAccountPackage(
        commitAccounts(
          [others, POOR, others].map((held, n) => accountOf(held, BigInt(n))),
          rootOf(registry),
        )[1] as AccountPackage,
        registry,
      );
    const [beside, besideRich] = [fileWith(POOR), fileWith(RICH)].map(
      (text) => JSON.parse(text) as Record<string, object>,
    );
    const hidden = { path: {}, accountRootOpening: {}, accountRoot: '' };
    expect({ ...beside, ...hidden }).toEqual({ ...besideRich, ...hidden });
    expect(beside?.['path']).toEqual({
      index: 1,
      siblings: Array.from({ length: 9 }, () => Array.from({ length: 7 }, () => expect.stringMatching(/^\d{1,77}$/))),
    });
    const text = JSON.stringify(besideRich);
    for (const { size, cost } of RICH.positions) {
      for (const value of [size, cost]) expect(text).not.toContain(value.toString().replace('-', ''));
    }
  });
});

/** What the tests change of a package's file. */
interface PackageText {
  readonly collateral: readonly { readonly amount: string }[];
  readonly positions: readonly { readonly instrument: string; readonly size: string; readonly cost: string }[];
  readonly path: { readonly index: number };
}

describe('a message', () => {
  /** Every private value of the marked account and its owner, as a file writes it; all are long enough to stand out. */
  const marked = JSON.parse(serializeAccountPackage(RICH_PACKAGE, registry)) as PackageText;
  const secretText = `0x${OWNER_SECRET.toString(16).padStart(64, '0')}`;
  const marks = [
    secretText.slice(2),
    OWNER_SECRET.toString(),
    RICH_PACKAGE.account.salt.toString(),
    RICH_PACKAGE.account.accountId.toString(),
    RICH_PACKAGE.account.ownerCommitment.toString(),
    ...marked.collateral.flatMap(({ amount }) => [amount]),
    ...marked.positions.flatMap(({ size, cost }) => [size, cost]),
    ...marked.positions.map(({ instrument }) => instrument),
  ].map((mark) => mark.replace(/^-/, ''));

  const leaks = (said: string): readonly string[] => marks.filter((mark) => said.includes(mark));
  const saidBy = (read: () => unknown): string => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof SolvencyError)) throw error;
      return `${error.message} ${JSON.stringify(error)} ${Object.keys(error)}`;
    }
    return '';
  };

  /** Every place of a value in a file, as a path of keys. */
  const places = (value: unknown, at: readonly string[] = []): readonly (readonly string[])[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))
      : [at];

  /** Ways to break a value that leave it in the file. */
  const BREAKS: readonly ((value: unknown) => unknown)[] = [
    (value) => `${value}x`,
    (value) => `${value}${value}${value}`,
    (value) => `-${value}`,
    (value) => `${value}.000000000000000001`,
    (value) => [value],
    (value) => ({ value }),
    (value) => Number(value),
    () => undefined,
  ];

  function broken(
    file: Record<string, unknown>,
    place: readonly string[],
    change: (value: unknown) => unknown,
  ): string {
    const copy = structuredClone(file);
    const last = place.at(-1) as string;
    const holder = place
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
    holder[last] = change(holder[last]);
    return JSON.stringify(copy);
  }

  it('of the reader of accounts holds no value of the account, whatever is wrong with it', () => {
    const file: Record<string, unknown> = { ...marked };
    const tried = places(file).filter(([first]) => first !== 'path');
    const texts = tried.flatMap((place) => BREAKS.map((change) => broken(file, place, change)));
    const whole = JSON.stringify(file);
    const cut = Array.from({ length: 40 }, (_, k) => whole.slice(0, Math.floor((whole.length * k) / 40)));
    const doubled = whole.replaceAll(/"(amount|size|cost|salt)":("[^"]*")/g, '"$1":$2,"$1":$2');
    const refused = [...texts, ...cut, doubled].map((text) =>
      saidBy(() => parseAccountPackage(text, 'account.json', registry)),
    );
    // a missing id or another sign is refused later, by the tree or the figures
    expect(refused.filter((said) => said !== '').length).toBeGreaterThan(300);
    expect(refused.flatMap(leaks)).toEqual([]);
    // the marks are found where they are
    expect(leaks(whole).length).toBeGreaterThan(25);
  });

  it('of the readers of secrets holds nothing of them', async () => {
    const identity = JSON.parse(serializeIdentity({ ownerSecret: OWNER_SECRET, ownerCommitment: 1n })) as Record<
      string,
      unknown
    >;
    const texts = places(identity).flatMap((place) => BREAKS.map((change) => broken(identity, place, change)));
    const refused = texts.map((text) => saidBy(() => parseIdentity(text, 'me.json')));
    expect(refused.filter((said) => said !== '').length).toBeGreaterThan(12);
    expect(refused.flatMap(leaks)).toEqual([]);

    const path = join(work, 'some.key');
    for (const text of [
      `${secretText}0`,
      secretText.slice(0, -1),
      `{"key": "${secretText}"}`,
      `${secretText} ${secretText}`,
    ]) {
      await writeFile(path, text, { mode: 0o600 });
      const error = await readKey(path).catch((caught: unknown) => caught as SolvencyError);
      expect(error).toMatchObject({ code: 'INVALID_INPUT' });
      expect(leaks(JSON.stringify(error))).toEqual([]);
    }
  });

  it.each<[string, string, (file: PackageText) => void]>([
    [
      'an instrument that no registry has',
      'UNKNOWN_INSTRUMENT',
      ({ positions }) => Object.assign(positions[0] as object, { instrument: 'MARK-77123' }),
    ],
    [
      'an amount beyond the largest tier',
      'OUT_OF_RANGE',
      ({ positions }) => Object.assign(positions[0] as object, { size: '18273645546372' }),
    ],
    [
      'an amount with too many decimals',
      'NOT_REPRESENTABLE',
      ({ collateral }) => Object.assign(collateral[0] as object, { amount: '5519283.123456789' }),
    ],
    ['a damaged path', 'MISMATCH', ({ path }) => Object.assign(path, { index: 3 })],
    ['another owner', 'MISMATCH', (file) => Object.assign(file, { ownerCommitment: '91827364554637281' })],
  ])('of the command about %s holds no value of the account, in a log or as JSON', async (_, word, change) => {
    const file = structuredClone(marked);
    change(file);
    const changed = JSON.stringify(file);
    const folder = await mkdtemp(join(work, 'marked-'));
    const at = (name: string) => join(folder, name);
    await writeFile(at('account.json'), changed, { mode: 0o600 });
    await writeFile(at('me.json'), serializeIdentity({ ownerSecret: OWNER_SECRET, ownerCommitment: 1n }), {
      mode: 0o600,
    });
    await writeFile(at('snapshot.json'), serializeSnapshot(snapshot));
    const added = changed.match(/MARK-77123|18273645546372|5519283\.123456789|91827364554637281/g) ?? [];
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await runHere([...PROVE, ...json].map((arg) => arg.replace('@', folder)));
      expect(code).toBe(2);
      expect(stdout + stderr).toContain(word);
      expect(leaks(stdout + stderr)).toEqual([]);
      for (const mark of added) expect(stdout + stderr).not.toContain(mark);
    }
  });
});
