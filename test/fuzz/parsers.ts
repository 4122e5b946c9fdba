import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getBytes, id, Wallet } from 'ethers';
import { parseManifest as parseBook, serializeManifest as serializeBook } from '../../src/book/manifest.js';
import { parseAccount, serializeAccount } from '../../src/formats/account.js';
import { parseAccountPackage, serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { attestationId, parseAttestation, serializeAttestation } from '../../src/formats/attestation.js';
import { parseBookPlan, serializeBookPlan } from '../../src/formats/bookPlan.js';
import { parseDeployment, serializeDeployment } from '../../src/formats/deployment.js';
import { parseDeploymentConfig } from '../../src/formats/deploymentConfig.js';
import { type EngineModelFields, parseEngineModel, serializeEngineModel } from '../../src/formats/engineModel.js';
import { type HistoryFields, parseHistory, serializeHistory } from '../../src/formats/history.js';
import { parseIdentity, serializeIdentity } from '../../src/formats/identity.js';
import { parseLiabilitiesProof, serializeLiabilitiesProof } from '../../src/formats/liabilitiesProof.js';
import { parseMarginRules } from '../../src/formats/marginRules.js';
import { type MarketFields, parseMarket, serializeMarket } from '../../src/formats/market.js';
import { parseParameters, serializeParameters } from '../../src/formats/parameters.js';
import { parsePolicy, serializePolicy } from '../../src/formats/policy.js';
import { parsePrices, serializePrices } from '../../src/formats/prices.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { parseRegistry, serializeRegistry } from '../../src/formats/registry.js';
import { parseReserveEvidence, serializeReserveEvidence } from '../../src/formats/reserveEvidence.js';
import { parseReserveOwners } from '../../src/formats/reserveOwners.js';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { parseTotals, serializeTotals } from '../../src/formats/totals.js';
import type { Setup } from '../../src/proof/marginProof.js';
import { parseManifest, serializeManifest } from '../../src/setup/manifest.js';
import { parseVerificationKey, serializeVerificationKey } from '../../src/setup/verificationKey.js';
import { texts } from '../formats/examples.js';
import { everyFamily } from '../snapshot/everyFamily.js';
import { registry } from '../snapshot/example.js';

const ROOT = resolve(import.meta.dirname, '../..');
const inRoot = (path: string): string => join(ROOT, path);
const read = (path: string): string => readFileSync(inRoot(path), 'utf8');

/** A reader of files, a file that it reads, and a command of the program that comes to read that file. */
export interface Parser {
  readonly name: string;
  /** a valid file */
  readonly text: string;
  parse(text: string): unknown;
  /** the one text of what was parsed, where there is a writer for it */
  serialize?(value: never): string;
  /** the text of the file's fields, where files are written from those */
  rewrite?(fields: never): string;
  /** Puts the file into a folder of its own and gives the words that read it there. */
  command?(folder: string, file: string | Uint8Array): Promise<readonly string[]>;
  /** fields that a file may lack, and fields that may be null; array indices left out */
  readonly optional?: readonly string[];
  readonly nullable?: readonly string[];
  /** what it holds is its owner's alone */
  readonly isPrivate?: true;
  /** its command checks signatures and keys first */
  readonly isSlow?: true;
}

const WHERE = 'input.json';
const ADDRESS = `0x${'12'.repeat(20)}`;
const BASE = 'conformance/bases/opened';
const NOWHERE = inRoot('no-such-folder');
const BLOCK = ['--block-hash', `1:0x${'00'.repeat(32)}`];

/** The command with the file's path in the place of FILE; other files that it needs stand beside it. */
const FILE = '<file>';
const withFile =
  (args: readonly string[], beside: Readonly<Record<string, string>> = {}, name = WHERE) =>
  async (folder: string, file: string | Uint8Array): Promise<readonly string[]> => {
    for (const [path, text] of Object.entries({ ...beside, [name]: file })) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return args.map((arg) => arg.replace(FILE, join(folder, name)).replace('<folder>', folder));
  };

const venueKey = new Wallet(id('venue of the corpus'));

/** The bundle of the corpus with the proof of its first batch replaced, and signed anew by the venue. */
async function withBatchProof(folder: string, file: string | Uint8Array): Promise<readonly string[]> {
  const bundle = join(folder, 'bundle');
  await cp(inRoot(BASE), bundle, { recursive: true });
  const attestation = parseAttestation(read(`${BASE}/attestation.json`), WHERE);
  const [first, ...others] = attestation.batches;
  if (first === undefined) throw new Error('the corpus has a batch');
  await writeFile(join(bundle, first.proof.path), file);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const changed = { ...attestation, batches: [{ ...first, proof: { ...first.proof, sha256 } }, ...others] };
  const signature = venueKey.signMessageSync(getBytes(attestationId(changed)));
  await writeFile(join(bundle, 'attestation.json'), serializeAttestation({ ...changed, signature }));
  return ['reserves', 'verify', bundle, '--policy', inRoot('conformance/policy.json'), ...BLOCK];
}

const bookSnapshot = read(`${BASE}/snapshot.json`);
const bookRegistry = parseSnapshot(bookSnapshot, WHERE).registry;
const totals = read(`${BASE}/totals.json`);
const attested = parseAttestation(read(`${BASE}/attestation.json`), WHERE);
const plan = serializeBookPlan({
  tables: attested.tables,
  regions: [{ table: 0, venue: false, start: 0, count: 8 }],
  claimed: { accountRoot: 1n, riskRoot: 2n, totalsHash: 3n, largestDebtor: 4n, venueStart: 16n, salt: 2n ** 200n + 5n },
  totalsSalt: 2n ** 200n + 6n,
  totalsShape: { assets: 4, instruments: 4 },
  seed: 7n,
});
const book = serializeBook({
  venue: 'conformance venue',
  root: attested.accountRootOpening,
  regions: [
    { start: 0, count: 8 },
    { start: 16, count: 2 },
  ],
  counts: { accounts: 10, balances: 12, positions: 4, notProvable: 1, venueOwned: 2 },
});
const provingBook = ['reserves', 'prove', '--book', '<folder>', '--out', '<folder>/bundle'];

const deployment = serializeDeployment({
  chainId: 31337,
  scope: 3n,
  owner: ADDRESS,
  contracts: { gate: ADDRESS, accountRoots: ADDRESS, riskOracle: ADDRESS, scopeRegistry: ADDRESS },
  verifiers: [{ circuit: 'tiered-8', address: ADDRESS, keyHash: 'ab'.repeat(32), setup: 'development' as Setup }],
});
const deploymentConfig = JSON.stringify({
  format: 'zk-solvency/deployment-config',
  version: 1,
  owner: ADDRESS,
  scope: '9',
  policy: {
    minThresholdBps: 12_000,
    minEquityFloor: '1000.5',
    maxAge: 7200,
    maxRootGap: 0,
    riskGrace: 60,
    callPeriod: 1800,
  },
  oracle: {
    maxAge: 3600,
    maxJumpBps: 1000,
    guardian: ADDRESS,
    signers: [ADDRESS],
    threshold: 1,
    reviewers: [ADDRESS],
    reviewThreshold: 1,
  },
  circuits: ['tiered-8', 'tiered-32'],
});
const owners = JSON.stringify({
  format: 'zk-solvency/reserve-owners',
  version: 1,
  owners: [{ address: ADDRESS, kind: 'eip191', signature: `0x${'11'.repeat(65)}` }],
});
const file = (name: string) => ({ file: name, sha256: 'ab'.repeat(32) });
const manifest = serializeManifest({
  format: 'zk-solvency/manifest',
  version: 1,
  circuit: 'margin-8',
  setup: 'development, insecure',
  sourceHash: 'cd'.repeat(32),
  constraints: 1000,
  publicSignals: ['accountRoot', 'riskRoot'],
  files: {
    r1cs: file('circuit.r1cs'),
    wasm: file('circuit.wasm'),
    sym: file('circuit.sym'),
    zkey: file('circuit.zkey'),
    verificationKey: file('verificationKey.json'),
  },
  keyHash: 'ef'.repeat(32),
  versions: { circom2: '0.2.23', snarkjs: '0.7.6' },
});

/** A history of the engine's examples, cut to a few points. */
function shortHistory(): string {
  const history = JSON.parse(read('examples/engine/history-btc.json')) as { points: unknown[] };
  return JSON.stringify({ ...history, points: history.points.slice(0, 6) });
}

const verifying = ['verify', '--snapshot', '<folder>/snapshot.json', '--account-root', '1'];
const building = ['snapshot', 'build', '--out', '<folder>/built.json'];
const margined = { 'snapshot.json': texts.snapshot };

const snapshots = everyFamily.map(
  (snapshot): Parser => ({
    name: `snapshot of the ${snapshot.model.family} family`,
    text: serializeSnapshot(snapshot),
    parse: (text) => parseSnapshot(text, WHERE),
    serialize: serializeSnapshot,
    command: withFile(['snapshot', 'check', '--snapshot', FILE]),
    optional: ['provenance', 'registry.entries.settleAsset'],
    nullable: [
      ...['assets.ladder.valueCap', 'assets.underlying'],
      ...['tiers.notionalCap', 'option', 'gainCap', 'charges.sizeCap', 'greeks'].map((field) => `instruments.${field}`),
    ],
  }),
);

const models = ['tail', 'hybrid'].map(
  (family): Parser => ({
    name: `engine model of the ${family} family`,
    text: read(`examples/engine/model-${family}.json`),
    parse: (text) => parseEngineModel(text, WHERE),
    rewrite: (fields: EngineModelFields) => serializeEngineModel(fields),
    command: withFile([...building, '--model', FILE, '--market', inRoot('examples/engine/market.json')]),
    optional: [
      ...['blocks', 'addOns', 'scenarios.historical.filtered', 'tail.scenarios.historical.filtered'],
      ...['', '.BTC', '.ETH'].map((of) => `stress.named.volatilityChanges${of}`),
      ...['BTC', 'ETH'].map((name) => `stress.named.moves.${name}`),
    ],
  }),
);

export const PARSERS: readonly Parser[] = [
  {
    name: 'account',
    text: texts.account,
    parse: (text) => parseAccount(text, WHERE, registry),
    serialize: (value: Parameters<typeof serializeAccount>[0]) => serializeAccount(value, registry),
    command: withFile(['evaluate', '--account', FILE, '--snapshot', '<folder>/snapshot.json'], margined),
    optional: ['venue'],
    isPrivate: true,
  },
  {
    name: 'account package',
    text: texts['account-package'],
    parse: (text) => parseAccountPackage(text, WHERE, registry),
    serialize: (value: Parameters<typeof serializeAccountPackage>[0]) => serializeAccountPackage(value, registry),
    command: withFile(
      [
        ...['prove', '--identity', '<folder>/identity.json', '--snapshot', '<folder>/snapshot.json'],
        ...['--out', '<folder>/proof.json', '--account', FILE],
      ],
      margined,
    ),
    isPrivate: true,
  },
  {
    name: 'inclusion file',
    text: texts['account-package'],
    parse: (text) => parseAccountPackage(text, WHERE, registry),
    serialize: (value: Parameters<typeof serializeAccountPackage>[0]) => serializeAccountPackage(value, registry),
    command: withFile(
      ['reserves', 'check-inclusion', FILE, '--account-root', '1', '--snapshot', '<folder>/snapshot.json'],
      margined,
    ),
    isPrivate: true,
  },
  {
    name: 'identity',
    text: texts.identity,
    parse: (text) => parseIdentity(text, WHERE),
    serialize: serializeIdentity,
    command: withFile(
      [
        ...['prove', '--account', '<folder>/account.json', '--snapshot', '<folder>/snapshot.json'],
        ...['--out', '<folder>/proof.json', '--identity', FILE],
      ],
      { ...margined, 'account.json': texts['account-package'] },
    ),
    isPrivate: true,
  },
  ...snapshots,
  {
    name: 'registry',
    text: texts.registry,
    parse: (text) => parseRegistry(text, WHERE),
    serialize: serializeRegistry,
    optional: ['registry.entries.settleAsset'],
  },
  {
    name: 'parameters',
    text: texts.parameters,
    parse: (text) => parseParameters(text, WHERE),
    serialize: serializeParameters,
    command: withFile([...building, '--prices', '<folder>/prices.json', '--parameters', FILE]),
    optional: ['registry.entries.settleAsset'],
    nullable: ['assets.ladder.valueCap', 'instruments.tiers.notionalCap'],
  },
  {
    name: 'prices',
    text: texts.prices,
    parse: (text) => parsePrices(text, WHERE, registry),
    serialize: (value: Parameters<typeof serializePrices>[0]) => serializePrices(value, registry),
    command: withFile([...building, '--parameters', '<folder>/parameters.json', '--prices', FILE], {
      'parameters.json': texts.parameters,
    }),
  },
  {
    name: 'margin proof',
    text: texts.proof,
    parse: (text) => parseProof(text, WHERE),
    serialize: serializeProof,
    command: withFile([...verifying, '--proof', FILE], margined),
  },
  {
    name: 'liabilities proof',
    text: read(`${BASE}/proofs/batch-000000.json`),
    parse: (text) => parseLiabilitiesProof(text, WHERE),
    serialize: serializeLiabilitiesProof,
    command: withBatchProof,
    isSlow: true,
  },
  {
    name: 'verification key',
    text: read(`${BASE}/keys/liabilities-4x4.json`),
    parse: (text) => parseVerificationKey(text, WHERE),
    serialize: serializeVerificationKey,
    command: withFile([...verifying, '--key-hash', '00', '--proof', '<folder>/proof.json', '--key', FILE], {
      ...margined,
      'proof.json': texts.proof,
    }),
  },
  {
    name: 'manifest of artifacts',
    text: manifest,
    parse: (text) => parseManifest(text, WHERE),
    serialize: serializeManifest,
    command: withFile(
      [...verifying, '--artifacts', '<folder>', '--proof', '<folder>/proof.json'],
      { ...margined, 'proof.json': texts.proof },
      'margin-8/manifest.json',
    ),
  },
  ...['opened', 'covered-with-loans'].map(
    (base): Parser => ({
      name: `manifest of a bundle, ${base}`,
      text: read(`conformance/bases/${base}/attestation.json`),
      parse: (text) => parseAttestation(text, WHERE),
      serialize: serializeAttestation,
      command: withFile(
        ['reserves', 'verify', '<folder>', '--policy', inRoot('conformance/policy.json'), ...BLOCK],
        {},
        'attestation.json',
      ),
      nullable: ['totals', 'loans', 'covered'],
    }),
  ),
  {
    name: 'policy',
    text: read('conformance/policy.json'),
    parse: (text) => parsePolicy(text, WHERE),
    serialize: serializePolicy,
    command: withFile(['reserves', 'verify', NOWHERE, '--policy', FILE, ...BLOCK]),
    // the first token is the chain's own coin
    nullable: ['tokens.token', 'tokens.balance'],
  },
  {
    name: 'totals',
    text: totals,
    parse: (text) => parseTotals(text, WHERE, bookRegistry),
    serialize: (value: Parameters<typeof serializeTotals>[0]) => serializeTotals(value, bookRegistry),
    command: withFile(provingBook, { 'snapshot.json': bookSnapshot, 'plan.json': plan }, 'totals.json'),
  },
  {
    name: 'plan of a book',
    text: plan,
    parse: (text) => parseBookPlan(text, WHERE),
    serialize: serializeBookPlan,
    command: withFile(provingBook, { 'snapshot.json': bookSnapshot, 'totals.json': totals }, 'plan.json'),
    isPrivate: true,
  },
  {
    name: 'committed book',
    text: book,
    parse: (text) => parseBook(text, WHERE),
    serialize: serializeBook,
    command: withFile(
      [
        'reserves',
        'inclusion',
        '--book',
        '<folder>',
        '--snapshot',
        inRoot(`${BASE}/snapshot.json`),
        '--out',
        '<folder>/out',
      ],
      {},
      'accounts/book.json',
    ),
  },
  {
    name: 'reserve evidence',
    text: read(`${BASE}/evidence.json`),
    parse: (text) => parseReserveEvidence(text, WHERE),
    serialize: serializeReserveEvidence,
    command: withFile([
      ...['reserves', 'attest', '--book', NOWHERE, '--bundle', NOWHERE, '--venue-key', NOWHERE],
      ...['--policy', inRoot('conformance/policy.json'), '--evidence', FILE],
    ]),
    nullable: ['chains.addresses.balances.token', 'chains.addresses.balances.slot'],
  },
  {
    name: 'reserve owners',
    text: owners,
    parse: (text) => parseReserveOwners(text, WHERE),
    command: withFile([
      ...['reserves', 'collect', '--rpc', 'http://127.0.0.1:1', '--block', '1', '--account-root', '1', '--time', '1'],
      ...['--policy', inRoot('conformance/policy.json'), '--owners', FILE, '--out', '<folder>/evidence.json'],
    ]),
  },
  {
    name: 'deployment',
    text: deployment,
    parse: (text) => parseDeployment(text, WHERE),
    serialize: serializeDeployment,
    command: withFile(['context', '--subject', ADDRESS, '--deadline', '1', '--deployment', FILE]),
  },
  {
    name: 'deployment config',
    text: deploymentConfig,
    parse: (text) => parseDeploymentConfig(text, WHERE),
    command: withFile([
      ...['deploy', '--rpc', 'http://127.0.0.1:1', '--key', NOWHERE, '--out', '<folder>/deployment.json'],
      ...['--config', FILE],
    ]),
  },
  {
    name: 'market',
    text: read('examples/engine/market.json'),
    parse: (text) => parseMarket(text, WHERE),
    rewrite: (fields: MarketFields) => serializeMarket(fields),
    command: withFile([...building, '--model', inRoot('examples/engine/model-tiered.json'), '--market', FILE]),
    optional: [
      ...['discountRate', 'registry.entries.settleAsset'],
      ...['volatility', 'history', 'volatilityHistory'].map((field) => `underlyings.${field}`),
      ...['mark', 'averageDailyVolume', 'depth', 'halfSpread'].map((field) => `instruments.${field}`),
    ],
    nullable: ['assets.ladder.valueCap'],
  },
  ...models,
  {
    name: 'history',
    text: shortHistory(),
    parse: (text) => parseHistory(text, WHERE),
    rewrite: (fields: HistoryFields) => serializeHistory(fields),
    command: withFile(['backtest', '--out', '<folder>/report', '--history', FILE]),
    optional: ['points.date'],
  },
  {
    name: 'margin rules',
    text: read('examples/history/margin-rules.json'),
    parse: (text) => parseMarginRules(text, WHERE),
    command: withFile([
      ...['backtest', '--out', '<folder>/report', '--history', inRoot('examples/engine/history-btc.json')],
      ...['--model', FILE],
    ]),
  },
];
