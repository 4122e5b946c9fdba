import { type Contract, id, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SnapshotPost, signSnapshot } from '../../src/chain/riskOracleMessages.js';
import { verify } from '../../src/proof/verify.js';
import { checkReserves } from '../../src/reserves/checkReserves.js';
import { type CollectedEvidence, collectEvidence } from '../../src/reserves/collectEvidence.js';
import { ALICE, CHAIN_ID, changed, startVenueChain, type VenueChain } from '../reserves/venueChain.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { MODEL, ORACLE_MAX_AGE, POLICY, type Statement, type Submission } from '../support/gateSystem.js';
import { FIRST_PRICE } from '../support/lenderSystem.js';
import { registry } from '../support/market.js';
import { ACCEPTED, type Caller, type Callers, callersOfProofs, FRESH } from './support/callers.js';
import { freeMargin } from './support/freeMargin.js';

// Attack 16: a proof is as good as its roots, and provers choose among them: the hour at which the account was still rich,
// the price before the fall, a root that was taken back, or one in a block that is no more. Each root is asked for at its
// source when a proof is used, every time anew, and what is read from a block counts for the block of that hash alone.

let system: Callers['system'];
let callers: Callers['callers'];
let freshTime: bigint;
let snapshot: string;

beforeAll(async () => {
  ({ system, callers, freshTime } = await callersOfProofs());
});
afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});
beforeEach(async () => {
  snapshot = await system.snapshot();
});
afterEach(() => system.revert(snapshot));

type Outcomes = Readonly<Record<string, string>>;
const all = (outcome: string): Outcomes => Object.fromEntries(callers.map(({ name }) => [name, outcome]));
async function outcomes(submission: (caller: Caller) => Promise<Submission>): Promise<Outcomes> {
  const said: [string, string][] = [];
  for (const caller of callers) said.push([caller.name, await caller.outcome(await submission(caller))]);
  return Object.fromEntries(said);
}
/** What each caller says of a good proof against these roots. */
const proven = (statement: Statement = {}): Promise<Outcomes> => outcomes((caller) => caller.submission(statement));
/** What each says of these roots: they are looked at before the proof, which is left as it was. */
const told = ({ accountRoot, riskRoot, venue }: Statement): Promise<Outcomes> =>
  outcomes(async (caller) => {
    const honest = await caller.submission();
    const publicSignals = [
      accountRoot ?? FRESH.accountRoot,
      riskRoot ?? FRESH.riskRoot,
      ...honest.publicSignals.slice(2),
    ];
    return { ...honest, publicSignals, venue: venue ?? honest.venue };
  });

describe('attack 16: a root that does not count, at every caller', () => {
  it('the control: fresh roots', async () => {
    expect(await proven()).toEqual(all(ACCEPTED));
  });

  const another = async (): Promise<string> => {
    await system.register(system.stranger, 1800n);
    return system.stranger.address;
  };
  const ROWS: readonly (readonly [string, () => Promise<Statement>, string])[] = [
    ['an account root that nobody posted', async () => ({ accountRoot: 1n }), 'UnknownAccountRoot'],
    ['an account root that is zero', async () => ({ accountRoot: 0n }), 'UnknownAccountRoot'],
    ['a risk root for an account root', async () => ({ accountRoot: FRESH.riskRoot }), 'UnknownAccountRoot'],
    ['another venue’s account root', async () => ({ venue: await another() }), 'UnknownAccountRoot'],
    ['a risk root that nobody posted', async () => ({ riskRoot: 1n }), 'UnknownRiskRoot'],
    ['an account root for a risk root', async () => ({ riskRoot: FRESH.accountRoot }), 'UnknownRiskRoot'],
    [
      'a revoked account root',
      async () => {
        await system.revokeAccount(FRESH.accountRoot);
        return {};
      },
      'AccountRootIsRevoked',
    ],
    [
      'an account root that was revoked before it was posted',
      async () => {
        await system.revokeAccount(1003n);
        await system.refuses(system.postAccount(1003n, await system.time()), 'RootAlreadyRevoked');
        return { accountRoot: 1003n };
      },
      'AccountRootIsRevoked',
    ],
    [
      'a revoked risk root',
      async () => {
        await system.revokeRisk(FRESH.riskRoot);
        return {};
      },
      'RiskRootIsRevoked',
    ],
    [
      'any risk root while the oracle is paused',
      async () => {
        await system.pause();
        return {};
      },
      'RiskOraclePaused',
    ],
    [
      'a root of a model that is not allowed',
      async () => {
        await system.postRisk(2003n, await system.time(), MODEL + 1n);
        return { riskRoot: 2003n };
      },
      'NotAllowed',
    ],
    [
      'a venue that is not allowed',
      async () => {
        const venue = await another();
        const roots = system.accountRoots.connect(system.stranger) as Contract;
        await system.send(roots, 'post', venue, FRESH.accountRoot, freshTime, id('bundle'));
        return { venue };
      },
      'NotAllowed',
    ],
    [
      'a verifier that is allowed no more',
      async () => {
        await system.send(system.gate, 'allow', system.verifier.target, MODEL, system.venue.address, false);
        return {};
      },
      'NotAllowed',
    ],
  ];
  it.each(ROWS)('%s', async (_, prepare, error) => {
    expect(await told(await prepare())).toEqual(all(error));
  });

  it('a risk root whose marks jumped, which nobody reviewed', async () => {
    const [signer, reviewer] = [new Wallet(`0x${'11'.repeat(32)}`), new Wallet(`0x${'22'.repeat(32)}`)];
    const domain = { chainId: system.chain.chainId, oracle: system.oracle.target as string };
    const post = async (root: bigint, price: bigint, reviewed: boolean) => {
      const marks = [{ instrument: 1, price }];
      const time = await system.time();
      const message: SnapshotPost = { root, time, modelHash: MODEL, dataHash: id('snapshot'), marks };
      const reviews = reviewed ? await signSnapshot([reviewer], domain, message) : [];
      return system.send(system.oracle, 'post', message, await signSnapshot([signer], domain, message), reviews);
    };
    await post(2003n, 1_000n, true);
    await system.refuses(post(2004n, 1_101n, false), 'MarkJumped');
    await system.refuses(post(2004n, 899n, false), 'MarkJumped');
    expect(await told({ riskRoot: 2004n })).toEqual(all('UnknownRiskRoot'));
    await post(2004n, 1_100n, false);
    expect(await proven({ riskRoot: 2004n })).toEqual(all(ACCEPTED));
  });
});

describe('attack 16: a root that counted once, to the second', () => {
  it('a risk root after its age', async () => {
    await system.at(freshTime + ORACLE_MAX_AGE - 10n);
    await system.price(FIRST_PRICE);
    await system.at(freshTime + ORACLE_MAX_AGE);
    expect(await proven()).toEqual(all(ACCEPTED));
    await system.at(freshTime + ORACLE_MAX_AGE + 1n);
    expect(await proven()).toEqual(all('Stale'));
  });

  it('an account root after its venue’s age, though risk roots last longer', async () => {
    const [venue, age] = [system.stranger.address, 1800n];
    await system.register(system.stranger, age);
    await system.send(system.gate, 'allow', system.verifier.target, MODEL, venue, true);
    const roots = system.accountRoots.connect(system.stranger) as Contract;
    await system.send(roots, 'post', venue, FRESH.accountRoot, freshTime, id('bundle'));
    await system.at(freshTime + age);
    expect(await told({ venue })).toEqual(all(ACCEPTED));
    await system.at(freshTime + age + 1n);
    expect(await told({ venue })).toEqual(all('Stale'));
    expect(await proven()).toEqual(all(ACCEPTED));
  });

  it('a risk root after the grace that a newer one leaves it', async () => {
    await system.postRisk(2003n, await system.time());
    const superseded = await system.time();
    await system.at(superseded + POLICY.riskGrace);
    expect(await proven()).toEqual(all(ACCEPTED));
    await system.at(superseded + POLICY.riskGrace + 1n);
    expect(await proven()).toEqual(all('RiskRootSuperseded'));
  });

  it('roots of two hours: the account when it was rich, the price when it was high', async () => {
    await system.at(freshTime + POLICY.maxRootGap + 10n);
    await system.postRisk(2003n, freshTime + POLICY.maxRootGap);
    expect(await proven({ riskRoot: 2003n })).toEqual(all(ACCEPTED));
    await system.postRisk(2004n, freshTime + POLICY.maxRootGap + 1n);
    expect(await told({ riskRoot: 2004n })).toEqual(all('RootTimesTooFarApart'));
  });

  it('times that go back for a subject: an older account root, or an older risk root in its grace', async () => {
    const [submit] = callers as [Caller];
    await system.postAccount(1003n, freshTime + 1n);
    await system.postRisk(2003n, freshTime + 1n);
    const older = [{ riskRoot: 2003n }, { accountRoot: 1003n }];
    for (const roots of older) expect(await proven(roots)).toEqual(all(ACCEPTED));
    await submit.send(await submit.submission({ accountRoot: 1003n, riskRoot: 2003n }));
    for (const roots of older) expect(await proven(roots)).toEqual(all('RootTimeWentBack'));
  });
});

describe('attack 16: a block reorganised away', () => {
  it('takes its root from every caller, and what was proven against it', async () => {
    const { provider } = system.chain;
    const recordOf = async () => (await system.gate.getFunction('recordOf')(system.alice.address)).toObject();
    const [submit] = callers as [Caller];
    const before = await recordOf();
    const depth = await provider.getBlockNumber();
    await system.postAccount(1003n, await system.time());
    expect(await proven({ accountRoot: 1003n })).toEqual(all(ACCEPTED));
    await submit.send(await submit.submission({ accountRoot: 1003n }));
    expect(await recordOf()).toMatchObject({ accountRoot: 1003n });

    const time = await system.time();
    await provider.send('anvil_reorg', [(await provider.getBlockNumber()) - depth, []]);
    await system.at(time + 5n);
    expect(await recordOf()).toEqual(before);
    expect(await proven({ accountRoot: 1003n })).toEqual(all('UnknownAccountRoot'));
    expect(await proven()).toEqual(all(ACCEPTED));
  });
});

describe('attack 16: reserves in a block that is no more', () => {
  let venue: VenueChain;
  let after: CollectedEvidence;

  beforeAll(async () => {
    venue = await startVenueChain();
    // the last transaction gave Alice her coins
    await venue.chain.provider.send('anvil_reorg', [1, []]);
    const { node, policy, owners, attestation, collected } = venue;
    after = await collectEvidence({ node, block: collected.block.number, policy, owners, attestation });
  });
  afterAll(() => venue?.stop());

  const check = (evidence: CollectedEvidence['evidence'], hash: string) =>
    checkReserves({
      evidence,
      registry,
      policy: venue.policy,
      attestation: venue.attestation,
      blockHashes: new Map([[CHAIN_ID, hash]]),
    });
  const coins = ({ addresses }: CollectedEvidence): bigint =>
    addresses.find(({ address }) => address === ALICE.address)?.balances.find(({ token }) => token.token === null)
      ?.balance ?? 0n;

  it('the control: the same number, another block, and fewer coins', async () => {
    expect(after.block.number).toBe(venue.collected.block.number);
    expect(after.block.hash).not.toBe(venue.collected.block.hash);
    expect(coins(after)).toBeLessThan(coins(venue.collected));
    for (const { evidence, block } of [venue.collected, after]) {
      await expect(check(evidence, block.hash)).resolves.toMatchObject({ blocks: [{ hash: block.hash }] });
    }
  });

  it('evidence of before is refused by who asks their own node for that block, and the other way round', async () => {
    const unmet = { code: 'EXPECTATION_NOT_MET', details: { expectation: 'blockHash' } };
    await expect(check(venue.collected.evidence, after.block.hash)).rejects.toMatchObject(unmet);
    await expect(check(after.evidence, venue.collected.block.hash)).rejects.toMatchObject(unmet);
  });

  it('balances of before under the header of after: a node that was reorganised between two answers', async () => {
    const header = after.evidence.chains[0]?.header;
    const mixed = changed(venue.collected.evidence, (chain) => Object.assign(chain, { header }));
    await expect(check(mixed, after.block.hash)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
  });
});

describe('attack 16: stale roots off chain', () => {
  const NOW = 1_760_000_000;
  const MAX_AGE = 3600;

  it.each([
    ['both as old as they may be', { accountTime: NOW - MAX_AGE, snapshotTime: NOW - MAX_AGE }],
    ['both of now', { accountTime: NOW, snapshotTime: NOW }],
  ])('the control: %s', async (_, times) => {
    const { proof, key, expected } = await freeMargin(times);
    await expect(verify(proof, key, { ...expected, maxAge: MAX_AGE, now: NOW })).resolves.toMatchObject({
      nullifier: 5n,
    });
  });

  it.each([
    ['the account root alone too old', { accountTime: NOW - MAX_AGE - 1, snapshotTime: NOW }, 'account root is older'],
    ['the snapshot alone too old', { accountTime: NOW, snapshotTime: NOW - MAX_AGE - 1 }, 'snapshot is older'],
    ['the account root alone of the future', { accountTime: NOW + 1, snapshotTime: NOW }, 'account root lies in the'],
    ['the snapshot alone of the future', { accountTime: NOW, snapshotTime: NOW + 1 }, 'snapshot lies in the future'],
  ])('%s', async (_, times, why) => {
    const { proof, key, expected } = await freeMargin(times);
    await expect(verify(proof, key, expected)).resolves.toMatchObject({ nullifier: 5n });
    await expect(verify(proof, key, { ...expected, maxAge: MAX_AGE, now: NOW })).rejects.toMatchObject({
      code: 'EXPECTATION_NOT_MET',
      details: { expectation: 'maxAge' },
      message: expect.stringContaining(why),
    });
  });

  it('an old account root whose opening is dated anew', async () => {
    const { proof, key, expected } = await freeMargin({ accountTime: NOW - MAX_AGE - 1, snapshotTime: NOW });
    const opening = { ...proof.accountRootOpening, time: BigInt(NOW) };
    await expect(
      verify({ ...proof, accountRootOpening: opening }, key, { ...expected, maxAge: MAX_AGE, now: NOW }),
    ).rejects.toMatchObject({ code: 'EXPECTATION_NOT_MET', details: { expectation: 'accountRoot' } });
  });
});
