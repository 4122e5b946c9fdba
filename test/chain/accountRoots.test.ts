import {
  type Contract,
  ContractFactory,
  type InterfaceAbi,
  isCallException,
  type JsonRpcSigner,
  ZeroAddress,
} from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { compiled } from '../support/contracts.js';
import { executionGas, expectGas } from '../support/gas.js';

/** the time of the chain when a test begins */
const NOW = 2_000_000_000n;
const MAX_AGE = 3600n;
const LONGEST = 1n << 32n;
const ROOT = 1001n;
const BUNDLE = `0x${'ab'.repeat(32)}`;
const NO_BUNDLE = `0x${'00'.repeat(32)}`;
const WINDOW = 1000n;

let chain: LocalChain;
let roots: Contract;
let attestations: Contract;
/** a venue without attestations, the key that posts for it, another venue, its key, and somebody */
let venue: JsonRpcSigner;
let poster: JsonRpcSigner;
let other: JsonRpcSigner;
let otherPoster: JsonRpcSigner;
let stranger: JsonRpcSigner;
let snapshot: string;

beforeAll(async () => {
  chain = await startAnvil();
  // a second a block, however long a test takes
  await chain.provider.send('anvil_setBlockTimestampInterval', [1]);
  [venue, poster, other, otherPoster, stranger] = chain.signers as [
    JsonRpcSigner,
    JsonRpcSigner,
    JsonRpcSigner,
    JsonRpcSigner,
    JsonRpcSigner,
  ];
  roots = await deploy('AccountRoots');
  attestations = await deploy('WindowedAttestations');
  await next(NOW - 10n);
  await send(venue, 'register', poster.address, MAX_AGE, ZeroAddress);
  await send(other, 'register', otherPoster.address, MAX_AGE, ZeroAddress);
}, 60_000);

afterAll(() => chain?.stop());

beforeEach(async () => {
  snapshot = (await chain.provider.send('evm_snapshot', [])) as string;
  await at(NOW - 1n);
});

afterEach(() => chain.provider.send('evm_revert', [snapshot]));

async function deploy(name: string): Promise<Contract> {
  const { abi, bytecode } = compiled(name);
  const contract = await new ContractFactory(abi as InterfaceAbi, bytecode, stranger).deploy();
  await contract.waitForDeployment();
  return contract as Contract;
}

/** The next transaction is in a block of that time. */
const next = (time: bigint): Promise<unknown> => chain.provider.send('evm_setNextBlockTimestamp', [Number(time)]);

/** Mines a block at that time, so that calls see it; the next transaction is a second later. */
async function at(time: bigint): Promise<void> {
  await next(time);
  await chain.provider.send('evm_mine', []);
}

const methodOf = (as: JsonRpcSigner, method: string, contract = roots) =>
  (contract.connect(as) as Contract).getFunction(method);

/** Sends a transaction and returns what it emitted and what it cost to run. */
async function send(as: JsonRpcSigner, method: string, ...parameters: unknown[]) {
  const response = await methodOf(as, method)(...parameters, { gasLimit: 1_000_000n });
  const receipt = await response.wait();
  return {
    events: (receipt.logs as { topics: string[]; data: string }[]).map((log) => {
      const event = roots.interface.parseLog(log);
      return [event?.name, ...(event?.args ?? [])];
    }),
    gas: executionGas(receipt, response.data as string),
  };
}

/** The contract refuses a call with this error and these arguments, or with nothing. */
async function refuses(as: JsonRpcSigner, call: readonly [string, ...unknown[]], ...error: readonly unknown[]) {
  const [method, ...parameters] = call;
  const refusal = await methodOf(as, method)
    .staticCall(...parameters)
    .then(
      () => 'accepted',
      (cause: unknown) => {
        if (!isCallException(cause)) throw cause;
        // an answer that cannot be read as one reverts without a word
        const revert = cause.data === '0x' ? null : roots.interface.parseError(cause.data ?? '0x');
        return revert === null ? [] : [revert.name, ...revert.args];
      },
    );
  expect(refusal).toEqual(error);
}

const post = (as: JsonRpcSigner, root: bigint, time: bigint, bundle = BUNDLE, of = venue) =>
  send(as, 'post', of.address, root, time, bundle);
const posting = (root: bigint, time: bigint, bundle = BUNDLE, of = venue): readonly [string, ...unknown[]] => [
  'post',
  of.address,
  root,
  time,
  bundle,
];
const rootOf = async (of: JsonRpcSigner, root: bigint) =>
  (await roots.getFunction('accountRoot')(of.address, root)).toObject() as object;
const venueOf = async (of: JsonRpcSigner) => (await roots.getFunction('venueOf')(of.address)).toObject() as object;
const outages = async (of: JsonRpcSigner, from = 0n): Promise<readonly (readonly bigint[])[]> =>
  (await roots.getFunction('outages')(of.address, from)).map((interval: readonly bigint[]) => [...interval]);

const NEVER = { time: 0n, revokedAt: 0n, bundleHash: NO_BUNDLE };

describe('register', () => {
  test('keeps key, age and attestations; nothing was posted yet', async () => {
    const { target } = attestations;
    const { events } = await send(stranger, 'register', poster.address, MAX_AGE, target);
    expect(events).toEqual([
      ['VenueRegistered', stranger.address, MAX_AGE, target],
      ['PosterSet', stranger.address, poster.address],
    ]);
    expect(await venueOf(stranger)).toEqual({
      poster: poster.address,
      maxAge: MAX_AGE,
      attestations: target,
      newestTime: 0n,
      newestRoot: 0n,
    });
    expect(await roots.getFunction('maxAge')(stranger.address)).toBe(MAX_AGE);
  });

  test('an address that did not register is all zero', async () => {
    expect(await roots.getFunction('maxAge')(stranger.address)).toBe(0n);
    expect(await venueOf(stranger)).toMatchObject({ poster: ZeroAddress, maxAge: 0n });
    expect(await rootOf(stranger, ROOT)).toEqual(NEVER);
  });

  test('once: neither age nor attestations can change under those who rely on them', async () => {
    await refuses(
      venue,
      ['register', poster.address, MAX_AGE * 2n, attestations.target],
      'AlreadyRegistered',
      venue.address,
    );
  });

  test('with an age of 1 to 2^32 seconds', async () => {
    for (const age of [0n, LONGEST + 1n, (1n << 64n) - 1n]) {
      await refuses(stranger, ['register', poster.address, age, ZeroAddress], 'InvalidMaxAge', age);
    }
    await send(stranger, 'register', poster.address, LONGEST, ZeroAddress);
    await send(otherPoster, 'register', poster.address, 1n, ZeroAddress);
  });

  test('with attestations that are a contract', async () => {
    await refuses(stranger, ['register', poster.address, MAX_AGE, other.address], 'NotAContract', other.address);
  });
});

describe('the poster', () => {
  test('is put in another’s place by the venue; the old key counts no more', async () => {
    const { events } = await send(venue, 'setPoster', stranger.address);
    expect(events).toEqual([['PosterSet', venue.address, stranger.address]]);
    await refuses(poster, posting(ROOT, NOW - 5n), 'NotThePoster', poster.address, venue.address);
    await refuses(poster, ['revoke', venue.address, ROOT], 'NotThePoster', poster.address, venue.address);
    await post(stranger, ROOT, NOW - 5n);
    expect(await venueOf(venue)).toMatchObject({ poster: stranger.address, maxAge: MAX_AGE });
  });

  test('can be none: then only the venue posts', async () => {
    await send(venue, 'setPoster', ZeroAddress);
    await refuses(poster, posting(ROOT, NOW - 5n), 'NotThePoster', poster.address, venue.address);
    await post(venue, ROOT, NOW - 5n);
  });

  test('cannot choose its successor: a stolen key would keep itself', async () => {
    await refuses(poster, ['setPoster', stranger.address], 'NotRegistered', poster.address);
    await refuses(stranger, ['setPoster', stranger.address], 'NotRegistered', stranger.address);
  });
});

describe('post', () => {
  test('by the poster and by the venue itself', async () => {
    await next(NOW);
    const { events } = await post(poster, ROOT, NOW - 5n);
    expect(events).toEqual([['AccountRootPosted', venue.address, ROOT, NOW - 5n, BUNDLE]]);
    expect(await rootOf(venue, ROOT)).toEqual({ time: NOW - 5n, revokedAt: 0n, bundleHash: BUNDLE });
    await post(venue, ROOT + 1n, NOW - 4n);
    expect(await venueOf(venue)).toMatchObject({ newestTime: NOW - 4n, newestRoot: ROOT + 1n });
    // the older one stays
    expect(await rootOf(venue, ROOT)).toMatchObject({ time: NOW - 5n, revokedAt: 0n });
  });

  test('by nobody else, and for no venue that did not register', async () => {
    for (const somebody of [stranger, other, otherPoster]) {
      await refuses(somebody, posting(ROOT, NOW - 5n), 'NotThePoster', somebody.address, venue.address);
    }
    await refuses(stranger, posting(ROOT, NOW - 5n, BUNDLE, stranger), 'NotRegistered', stranger.address);
  });

  test('a root is neither zero nor beyond the field', async () => {
    for (const root of [0n, FIELD_ORDER, FIELD_ORDER + ROOT, (1n << 256n) - 1n]) {
      await refuses(poster, posting(root, NOW - 5n), 'InvalidRoot', root);
    }
    await post(poster, 1n, NOW - 5n);
    await post(poster, FIELD_ORDER - 1n, NOW - 4n);
  });

  test('of an attestation that has an id', async () => {
    await refuses(poster, posting(ROOT, NOW - 5n, NO_BUNDLE), 'InvalidBundleHash');
  });

  test('up to the present second, and not beyond', async () => {
    await at(NOW);
    await refuses(poster, posting(ROOT, NOW + 1n), 'TimeInFuture', NOW + 1n, NOW);
    await refuses(poster, posting(ROOT, (1n << 64n) - 1n), 'TimeInFuture', (1n << 64n) - 1n, NOW);
    await next(NOW + 10n);
    await post(poster, ROOT, NOW + 10n);
  });

  test('down to the last second at which it can be used, and not below', async () => {
    await at(NOW);
    const usableUntil = NOW - 1n;
    await refuses(poster, posting(ROOT, usableUntil - MAX_AGE), 'Stale', usableUntil, NOW);
    await next(NOW + 10n);
    await post(poster, ROOT, NOW + 10n - MAX_AGE);
    // it is down one second later
    expect(await outages(venue, NOW)).toEqual([]);
    await at(NOW + 12n);
    expect(await outages(venue, NOW)).toEqual([[NOW + 11n, NOW + 12n]]);
  });

  test('at a time later than all before, never the same or an earlier one', async () => {
    await post(poster, ROOT, NOW - 50n);
    for (const time of [NOW - 50n, NOW - 51n, 0n]) {
      await refuses(poster, posting(ROOT + 1n, time), 'TimeWentBack', time, NOW - 50n);
    }
    await post(poster, ROOT + 1n, NOW - 49n);
  });

  test('at a time later than that of a root that was revoked', async () => {
    await post(poster, ROOT, NOW - 50n);
    await send(poster, 'revoke', venue.address, ROOT);
    await refuses(poster, posting(ROOT + 1n, NOW - 50n), 'TimeWentBack', NOW - 50n, NOW - 50n);
    await post(poster, ROOT + 1n, NOW - 49n);
  });

  test('at a time that is not zero, even where zero is not too old', async () => {
    await send(stranger, 'register', ZeroAddress, LONGEST, ZeroAddress);
    await refuses(stranger, posting(ROOT, 0n, BUNDLE, stranger), 'TimeWentBack', 0n, 0n);
    await post(stranger, ROOT, 1n, BUNDLE, stranger);
  });

  test('once: another time would make it younger, another attestation better', async () => {
    await post(poster, ROOT, NOW - 50n);
    await refuses(poster, posting(ROOT, NOW - 40n), 'RootAlreadyPosted', venue.address, ROOT);
    await refuses(poster, posting(ROOT, NOW - 50n, `0x${'cd'.repeat(32)}`), 'RootAlreadyPosted', venue.address, ROOT);
    await post(poster, ROOT + 1n, NOW - 45n);
    await refuses(poster, posting(ROOT, NOW - 40n), 'RootAlreadyPosted', venue.address, ROOT);
  });
});

describe('revoke', () => {
  test('by the poster and by the venue, for good', async () => {
    await post(poster, ROOT, NOW - 50n);
    await post(poster, ROOT + 1n, NOW - 40n);
    await next(NOW + 20n);
    const { events } = await send(poster, 'revoke', venue.address, ROOT);
    expect(events).toEqual([['AccountRootRevoked', venue.address, ROOT]]);
    expect(await rootOf(venue, ROOT)).toEqual({ time: NOW - 50n, revokedAt: NOW + 20n, bundleHash: BUNDLE });
    await send(venue, 'revoke', venue.address, ROOT + 1n);
    await refuses(poster, ['revoke', venue.address, ROOT], 'RootAlreadyRevoked', venue.address, ROOT);
    await refuses(poster, posting(ROOT, NOW), 'RootAlreadyRevoked', venue.address, ROOT);
  });

  test('before it was posted: then it never is', async () => {
    await next(NOW);
    await send(poster, 'revoke', venue.address, ROOT);
    expect(await rootOf(venue, ROOT)).toEqual({ ...NEVER, revokedAt: NOW });
    await refuses(poster, posting(ROOT, NOW), 'RootAlreadyRevoked', venue.address, ROOT);
    await refuses(poster, ['revoke', venue.address, ROOT], 'RootAlreadyRevoked', venue.address, ROOT);
    // and that begins no outage of its own
    await post(poster, ROOT + 1n, NOW);
    expect(await outages(venue, NOW)).toEqual([]);
  });

  test('by nobody else, for no venue that did not register, and of roots only', async () => {
    await post(poster, ROOT, NOW - 50n);
    for (const somebody of [stranger, other, otherPoster]) {
      await refuses(somebody, ['revoke', venue.address, ROOT], 'NotThePoster', somebody.address, venue.address);
    }
    await refuses(stranger, ['revoke', stranger.address, ROOT], 'NotRegistered', stranger.address);
    for (const root of [0n, FIELD_ORDER]) {
      await refuses(poster, ['revoke', venue.address, root], 'InvalidRoot', root);
    }
  });
});

describe('attack: a venue’s root posted first by somebody else', () => {
  test('is theirs, with its time and its revocation, and the venue’s is the venue’s', async () => {
    // older than it is, so that it would be stale sooner, and revoked at once
    await post(otherPoster, ROOT, NOW - 3000n, `0x${'66'.repeat(32)}`, other);
    await next(NOW);
    await send(otherPoster, 'revoke', other.address, ROOT);
    expect(await rootOf(venue, ROOT)).toEqual(NEVER);
    await post(poster, ROOT, NOW - 5n);
    expect(await rootOf(venue, ROOT)).toEqual({ time: NOW - 5n, revokedAt: 0n, bundleHash: BUNDLE });
    expect(await rootOf(other, ROOT)).toMatchObject({ time: NOW - 3000n, revokedAt: NOW });
    // one is down, the other is not
    await at(NOW + 10n);
    expect(await outages(other, NOW)).toEqual([[NOW, NOW + 10n]]);
    expect(await outages(venue, NOW + 5n)).toEqual([]);
    // nor does the order of the two venues' times matter
    await post(otherPoster, ROOT + 1n, NOW - 10n, BUNDLE, other);
    expect(await venueOf(venue)).toMatchObject({ newestTime: NOW - 5n, newestRoot: ROOT });
  });
});

describe('a venue that named a contract of attestations', () => {
  const attested = NOW + 5n;
  beforeEach(async () => {
    await send(stranger, 'register', ZeroAddress, MAX_AGE, attestations.target);
    await next(attested);
    await methodOf(stranger, 'attest', attestations)(ROOT, BUNDLE);
  });
  const own = (root: bigint, time: bigint, bundle = BUNDLE) => posting(root, time, bundle, stranger);

  test('posts a root once its attestation is final, and no second before', async () => {
    const notFinal = ['NotFinal', stranger.address, ROOT, BUNDLE] as const;
    await refuses(stranger, own(ROOT, NOW), ...notFinal);
    await at(attested + WINDOW);
    await refuses(stranger, own(ROOT, NOW), ...notFinal);
    await next(attested + WINDOW + 1n);
    await post(stranger, ROOT, NOW, BUNDLE, stranger);
    expect(await rootOf(stranger, ROOT)).toEqual({ time: NOW, revokedAt: 0n, bundleHash: BUNDLE });
  });

  test('posts none of another root, of another attestation or of another venue', async () => {
    await methodOf(venue, 'attest', attestations)(ROOT + 1n, BUNDLE);
    await at(attested + 2n * WINDOW);
    const bundle = `0x${'cd'.repeat(32)}`;
    await refuses(stranger, own(ROOT, NOW, bundle), 'NotFinal', stranger.address, ROOT, bundle);
    await refuses(stranger, own(ROOT + 1n, NOW), 'NotFinal', stranger.address, ROOT + 1n, BUNDLE);
  });

  test('waits for it no longer than a root can be used', async () => {
    await at(NOW + MAX_AGE + 1n);
    await refuses(stranger, own(ROOT, NOW), 'Stale', NOW + MAX_AGE, NOW + MAX_AGE + 1n);
  });

  test('posts nothing if that contract cannot answer', async () => {
    await send(otherPoster, 'register', ZeroAddress, MAX_AGE, roots.target);
    await refuses(otherPoster, posting(ROOT, NOW, BUNDLE, otherPoster));
  });
});

describe('outages', () => {
  test('before the first root there is nothing but outage', async () => {
    await at(NOW);
    expect(await outages(venue)).toEqual([[0n, NOW]]);
    expect(await outages(venue, NOW - 5n)).toEqual([[0n, NOW]]);
    await post(poster, ROOT, NOW);
    expect(await outages(venue)).toEqual([]);
  });

  test('a venue that posts in time has none, up to the last second of the last root', async () => {
    for (let k = 0n; k < 4n; k++) {
      await next(NOW + k * MAX_AGE);
      await post(poster, ROOT + k, NOW + k * MAX_AGE);
    }
    const last = NOW + 4n * MAX_AGE;
    await at(last);
    expect(await outages(venue)).toEqual([]);
    await at(last + 1n);
    expect(await outages(venue)).toEqual([]);
    await at(last + 2n);
    expect(await outages(venue)).toEqual([[last + 1n, last + 2n]]);
  });

  test('one begins a second after the newest root’s last one, and ends with the next root', async () => {
    await next(NOW);
    await post(poster, ROOT, NOW - 100n);
    const end = NOW - 100n + MAX_AGE + 1n;
    await next(end + 500n);
    // as old as its predecessor when that was posted: it counts from its own time
    await post(poster, ROOT + 1n, end + 400n);
    expect(await outages(venue)).toEqual([[end, end + 500n]]);
    expect(await outages(venue, end + 499n)).toEqual([[end, end + 500n]]);
    expect(await outages(venue, end + 500n)).toEqual([]);
  });

  test('one begins when the newest root is revoked, though an older one is still young', async () => {
    await next(NOW);
    await post(poster, ROOT, NOW - 100n);
    await post(poster, ROOT + 1n, NOW - 50n);
    await next(NOW + 100n);
    await send(poster, 'revoke', venue.address, ROOT + 1n);
    await at(NOW + 150n);
    expect(await outages(venue, NOW)).toEqual([[NOW + 100n, NOW + 150n]]);
    await next(NOW + 200n);
    await post(poster, ROOT + 2n, NOW + 190n);
    await at(NOW + 250n);
    expect(await outages(venue, NOW)).toEqual([[NOW + 100n, NOW + 200n]]);
  });

  test('none begins when an older root is revoked', async () => {
    await post(poster, ROOT, NOW - 100n);
    await post(poster, ROOT + 1n, NOW - 50n);
    await send(poster, 'revoke', venue.address, ROOT);
    await at(NOW + 100n);
    expect(await outages(venue, NOW + 10n)).toEqual([]);
  });

  test('a newest root that is revoked after its time does not shorten the outage', async () => {
    await post(poster, ROOT, NOW);
    const end = NOW + MAX_AGE + 1n;
    await next(end + 50n);
    await send(poster, 'revoke', venue.address, ROOT);
    await at(end + 100n);
    expect(await outages(venue, NOW)).toEqual([[end, end + 100n]]);
  });

  test('cannot be heaped up: a root that ends one comes five minutes after the last recovery or later', async () => {
    await next(NOW);
    await post(poster, ROOT, NOW);
    await next(NOW + 10n);
    await send(poster, 'revoke', venue.address, ROOT);
    await next(NOW + 20n);
    await post(poster, ROOT + 1n, NOW + 20n);
    // a source that is up posts as often as it likes
    await post(poster, ROOT + 2n, NOW + 21n);
    await next(NOW + 30n);
    await send(poster, 'revoke', venue.address, ROOT + 2n);
    await at(NOW + 319n);
    await refuses(poster, posting(ROOT + 3n, NOW + 300n), 'OutageTooSoon', NOW + 320n, NOW + 319n);
    await next(NOW + 320n);
    await post(poster, ROOT + 3n, NOW + 300n);
    expect(await outages(venue, NOW)).toEqual([
      [NOW + 30n, NOW + 320n],
      [NOW + 10n, NOW + 20n],
    ]);
  });

  test('several are listed, the latest first, and only those since a moment', async () => {
    const starts: bigint[] = [];
    for (let k = 0n; k < 3n; k++) {
      const posted = NOW + k * 10_000n;
      await next(posted);
      await post(poster, ROOT + k, posted);
      starts.push(posted + MAX_AGE + 1n);
    }
    await at(NOW + 25_000n);
    const [first, second, third] = starts as [bigint, bigint, bigint];
    const expected = [
      [third, NOW + 25_000n],
      [second, NOW + 20_000n],
      [first, NOW + 10_000n],
    ];
    expect(await outages(venue)).toEqual(expected);
    expect(await outages(venue, NOW + 10_000n)).toEqual(expected.slice(0, 2));
    expect(await outages(venue, NOW + 19_999n)).toEqual(expected.slice(0, 2));
    expect(await outages(venue, NOW + 20_000n)).toEqual(expected.slice(0, 1));
  });
});

test('gas', async () => {
  const register = await send(stranger, 'register', poster.address, MAX_AGE, attestations.target);
  await next(NOW);
  const first = await post(poster, ROOT, NOW);
  await next(NOW + 600n);
  const steady = await post(poster, ROOT + 1n, NOW + 600n);
  await next(NOW + 10_000n);
  const afterOutage = await post(poster, ROOT + 2n, NOW + 10_000n);
  const revoke = await send(poster, 'revoke', venue.address, ROOT + 2n);
  await methodOf(stranger, 'attest', attestations)(ROOT, BUNDLE);
  await next(NOW + 12_000n);
  const attested = await send(poster, 'post', stranger.address, ROOT, NOW + 12_000n, BUNDLE);
  const rotated = await send(venue, 'setPoster', stranger.address);
  await expectGas('accountRoots', {
    register: register.gas,
    'post: first': first.gas,
    'post: steady': steady.gas,
    'post: after an outage': afterOutage.gas,
    'post: first, with attestations': attested.gas,
    'revoke: newest': revoke.gas,
    setPoster: rotated.gas,
  });
});
