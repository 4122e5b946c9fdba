import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { packageRoot } from '../../src/account/accountTree.js';
import { connectAccountRoots, postAccountRoot, registerVenue } from '../../src/chain/accountRoots.js';
import { allow, connectGate, type Gate } from '../../src/chain/gate.js';
import { connectRiskOracle, postRiskRoot } from '../../src/chain/riskOracle.js';
import { signSnapshot } from '../../src/chain/riskOracleMessages.js';
import { snapshotPost } from '../../src/chain/snapshotPost.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { type DeploymentRecord, parseDeployment } from '../../src/formats/deployment.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { OWNER_SECRET, packageOf, snapshot, usd } from '../support/market.js';
import { type Outcome, runHere, zkSolvency } from './command.js';

// What somebody does who has no more than the command: deploy, ask for a context, prove, submit. Who posts roots does so
// with the library.

const now = Math.floor(Date.now() / 1000);
const deadline = String(now + 3600);
const table = buildRiskTable({ ...snapshot, time: now });
const committed = packageOf({ collateral: [usd(500n)], positions: [{ instrumentId: 100, size: 300n, cost: 0n }] });
const account = { ...committed, root: { ...committed.root, time: BigInt(now) } };
const signer = Wallet.createRandom();
const reviewer = Wallet.createRandom();
const trader = Wallet.createRandom();
const stranger = Wallet.createRandom();

let folder: string;
let chain: LocalChain;
let other: LocalChain;
let venue: string;
let deployment: DeploymentRecord;
let gate: Gate;

const at = (name: string): string => join(folder, name);
const json = ({ stdout }: Outcome) => JSON.parse(stdout) as Record<string, unknown>;

const config = (owner: string) => ({
  format: 'zk-solvency/deployment-config',
  version: 1,
  owner,
  scope: '9',
  policy: {
    minThresholdBps: 10_000,
    minEquityFloor: '0',
    maxAge: 7200,
    maxRootGap: 600,
    riskGrace: 60,
    callPeriod: 1800,
  },
  oracle: {
    maxAge: 3600,
    maxJumpBps: 1_000,
    guardian: owner,
    signers: [signer.address],
    threshold: 1,
    reviewers: [reviewer.address],
    reviewThreshold: 1,
  },
  circuits: ['tiered-8'],
});

const deployArgs = (name: string, out: string, url = chain.url) => [
  ...['deploy', '--rpc', url, '--key', at('owner.key'), '--config', at(name)],
  ...['--artifacts', ARTIFACTS, '--out', at(out), '--json'],
];
const deploy = (...args: Parameters<typeof deployArgs>) => runHere(deployArgs(...args));
const context = (...more: string[]) =>
  runHere([
    ...['context', '--deployment', at('deployment.json'), '--subject', trader.address],
    ...['--deadline', deadline, '--json', ...more],
  ]);
const submitArgs = (...more: string[]) => [
  ...['submit', '--rpc', chain.url, '--key', at('trader.key'), '--deployment', at('deployment.json')],
  ...['--proof', at('proof.json'), '--venue', venue, '--deadline', deadline, '--json', ...more],
];
const submit = (...more: string[]) => runHere(submitArgs(...more));
const refusal = (outcome: Outcome) => {
  expect(outcome.stderr + outcome.stdout).not.toMatch(/\n\s+at .*:\d+:\d+/);
  return { code: (json(outcome)['error'] as { code: string }).code, exit: outcome.code };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-chain-'));
  [chain, other] = await Promise.all([startAnvil(), startAnvil({ chainId: 5n })]);
  const [owner] = chain.signers;
  if (owner === undefined) throw new Error('the chain has no accounts');
  venue = owner.address;
  const key = Wallet.createRandom();
  for (const { address } of [key, trader, stranger]) {
    await (await owner.sendTransaction({ to: address, value: 10n ** 18n })).wait();
  }
  await writeFile(at('owner.key'), `${key.privateKey}\n`, { mode: 0o600 });
  await writeFile(at('trader.key'), trader.privateKey, { mode: 0o600 });
  await writeFile(at('stranger.key'), stranger.privateKey, { mode: 0o600 });
  await writeFile(at('nonsense.key'), 'correct horse battery staple', { mode: 0o600 });
  await writeFile(at('deploy.json'), JSON.stringify(config(key.address)));
  await writeFile(at('overlapping.json'), JSON.stringify(overlapping(key.address)));
  await writeFile(at('account.json'), serializeAccountPackage(account, snapshot.registry));
  await writeFile(at('snapshot.json'), serializeSnapshot(table.snapshot));
  const { ownerCommitment } = account.account;
  await writeFile(at('identity.json'), serializeIdentity({ ownerSecret: OWNER_SECRET, ownerCommitment }));

  const deployed = await zkSolvency(deployArgs('deploy.json', 'deployment.json'));
  expect(deployed.code, deployed.stderr + deployed.stdout).toBe(0);
  deployment = parseDeployment(await readFile(at('deployment.json'), 'utf8'), 'deployment.json');
  const { contracts, verifiers } = deployment;
  const [verifier] = verifiers;
  gate = connectGate(contracts.gate, key.connect(chain.provider));
  const roots = connectAccountRoots(contracts.accountRoots, owner);
  await registerVenue(roots, { maxAge: 3600n });
  await allow(gate, { verifier: verifier?.address ?? '', modelHash: table.opening.modelHash, venue }, true);
  const bundleHash = `0x${'ab'.repeat(32)}`;
  await postAccountRoot(roots, { venue, root: accountRootOf(), time: BigInt(now), bundleHash });
  const post = snapshotPost(table);
  const domain = { chainId: chain.chainId, oracle: contracts.riskOracle };
  const signatures = await signSnapshot([signer], domain, post);
  const oracle = connectRiskOracle(contracts.riskOracle, owner);
  await postRiskRoot(oracle, post, signatures, await signSnapshot([reviewer], domain, post));
}, 180_000);

afterAll(async () => {
  await chain?.stop();
  await other?.stop();
  await rm(folder, { recursive: true, force: true });
});

const accountRootOf = () => packageRoot(account);
const overlapping = (owner: string) => {
  const whole = config(owner);
  return { ...whole, oracle: { ...whole.oracle, reviewers: [signer.address] } };
};

describe('from nothing to a healthy subject', () => {
  it('the deployment is that of the file, and its registry has admitted the gate', async () => {
    expect(deployment).toMatchObject({
      chainId: 31337,
      scope: 9n,
      verifiers: [{ circuit: 'tiered-8', setup: 'development' }],
    });
    expect(await gate.read('scopeRegistry', [])).toBe(deployment.contracts.scopeRegistry);
    expect(await gate.read('policy', [])).toMatchObject({ minThresholdBps: 10_000n, maxAge: 7200n, callPeriod: 1800n });
  });

  it('a proof for the context that is printed is taken', async () => {
    const purpose = json(await context());
    expect(purpose).toMatchObject({ ok: true, scope: '9', consumer: deployment.contracts.gate });
    const given = ['--scope', String(purpose['scope']), '--context', String(purpose['context'])];
    const proven = await runHere([
      ...[
        'prove',
        '--account',
        at('account.json'),
        '--identity',
        at('identity.json'),
        '--snapshot',
        at('snapshot.json'),
      ],
      ...['--circuit', 'tiered-8', '--artifacts', ARTIFACTS, '--out', at('proof.json'), ...given],
    ]);
    expect(proven.code, proven.stderr).toBe(0);
    const submitted = await zkSolvency(submitArgs());
    expect(submitted.code, submitted.stdout).toBe(0);
    expect(json(submitted)).toMatchObject({
      ok: true,
      subject: trader.address,
      status: 'Healthy',
      solventUntil: String(now + 7200),
    });
  });

  it('somebody else may renew it, though not with what the gate has seen', async () => {
    const outcome = await submit('--subject', trader.address, '--key', at('stranger.key'));
    expect(json(outcome)).toMatchObject({ error: { code: 'EXPECTATION_NOT_MET', details: { error: 'NothingNew' } } });
  });
});

describe('what can be known beforehand is refused before anything is sent', () => {
  const sentSoFar = () => chain.provider.getTransactionCount(trader.address);

  it.each([
    ['another deadline', ['--deadline', String(now + 3601)], 'EXPECTATION_NOT_MET', 1],
    ['another subject', ['--subject', stranger.address], 'EXPECTATION_NOT_MET', 1],
    ['an action without its consumer', ['--action', `0x${'01'.repeat(32)}`], 'INVALID_INPUT', 2],
    ['no action', ['--action', `0x${'00'.repeat(32)}`, '--consumer', stranger.address], 'INVALID_INPUT', 2],
    ['a venue that is no address', ['--venue', 'binance'], 'INVALID_INPUT', 2],
    ['a deadline that is no number', ['--deadline', 'tomorrow'], 'INVALID_INPUT', 2],
    ['a deadline beyond 2^64', ['--deadline', (2n ** 64n).toString()], 'INVALID_INPUT', 2],
    ['a node that is none', ['--rpc', 'ftp://127.0.0.1'], 'INVALID_INPUT', 2],
  ])('%s', async (_, more, code, exit) => {
    const before = await sentSoFar();
    expect(refusal(await submit(...more))).toEqual({ code, exit });
    expect(await sentSoFar()).toBe(before);
  });

  it('a key file that holds none, and its content is not repeated', async () => {
    const outcome = await submit('--key', at('nonsense.key'));
    expect(refusal(outcome)).toEqual({ code: 'INVALID_INPUT', exit: 2 });
    expect(outcome.stdout + outcome.stderr).not.toContain('horse');
  });

  it('a proof under another key, and one of another scope', async () => {
    const proof = parseProof(await readFile(at('proof.json'), 'utf8'), 'proof.json');
    await writeFile(at('other-key.json'), serializeProof({ ...proof, keyHash: 'ab'.repeat(32) }));
    expect(refusal(await submit('--proof', at('other-key.json')))).toEqual({ code: 'MISMATCH', exit: 2 });
    const publicSignals = { ...proof.publicSignals, scope: 8n };
    await writeFile(at('other-scope.json'), serializeProof({ ...proof, publicSignals }));
    expect(refusal(await submit('--proof', at('other-scope.json')))).toEqual({ code: 'EXPECTATION_NOT_MET', exit: 1 });
  });

  it('a node of another chain', async () => {
    expect(refusal(await submit('--rpc', other.url))).toEqual({ code: 'MISMATCH', exit: 2 });
  });

  it('an action that a contract carries out', async () => {
    const purpose = ['--action', `0x${'01'.repeat(32)}`, '--consumer', stranger.address];
    const proof = parseProof(await readFile(at('proof.json'), 'utf8'), 'proof.json');
    const publicSignals = {
      ...proof.publicSignals,
      context: BigInt(String(json(await context(...purpose))['context'])),
    };
    await writeFile(at('action.json'), serializeProof({ ...proof, publicSignals }));
    expect(refusal(await submit('--proof', at('action.json'), ...purpose))).toEqual({ code: 'INVALID_INPUT', exit: 2 });
  });
});

describe('what only the chain knows has the codes of the library', () => {
  it('a proof with a changed signal', async () => {
    const proof = parseProof(await readFile(at('proof.json'), 'utf8'), 'proof.json');
    const publicSignals = { ...proof.publicSignals, thresholdBps: 20_000n };
    await writeFile(at('raised.json'), serializeProof({ ...proof, publicSignals }));
    expect(refusal(await submit('--proof', at('raised.json')))).toEqual({ code: 'PROOF_INVALID', exit: 1 });
  });

  it('a venue that never posted the root', async () => {
    expect(refusal(await submit('--venue', stranger.address))).toEqual({ code: 'EXPECTATION_NOT_MET', exit: 1 });
  });
});

describe('a deployment that must not be', () => {
  it('development keys on a chain that is not local', async () => {
    expect(refusal(await deploy('deploy.json', 'nowhere.json', other.url))).toEqual({ code: 'INSECURE_KEY', exit: 2 });
  });

  it('quorums that overlap, which the contract says; nothing is written', async () => {
    expect(refusal(await deploy('overlapping.json', 'nowhere.json'))).toEqual({ code: 'INVALID_INPUT', exit: 2 });
    expect(await readdir(folder)).not.toContain('nowhere.json');
  });

  it('a config of another format, circuits that are not set up, a place that cannot be written', async () => {
    expect(refusal(await deploy('deployment.json', 'nowhere.json'))).toEqual({ code: 'INVALID_INPUT', exit: 2 });
    expect(refusal(await deploy('deploy.json', 'no/such/folder.json'))).toEqual({ code: 'UNWRITABLE', exit: 2 });
    await writeFile(at('unready.json'), JSON.stringify({ ...config(venue), circuits: ['tiered-9'] }));
    expect(refusal(await deploy('unready.json', 'nowhere.json'))).toEqual({ code: 'ARTIFACT_MISSING', exit: 2 });
  });
});
