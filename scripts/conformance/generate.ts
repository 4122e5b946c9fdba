import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serializePolicy } from '../../src/formats/policy.js';
import { FIRST_STATE } from '../../src/liabilities/chainState.js';
import { type ProverPool, startProverPool } from '../../src/proof/proverPool.js';
import { FIELD_ORDER, RATE_SCALE } from '../../src/protocol/constants.js';
import { checkReserves } from '../../src/reserves/checkReserves.js';
import { compareReserves } from '../../src/reserves/compareReserves.js';
import type { ReserveEvidence } from '../../src/reserves/evidence.js';
import { buildArtifacts } from '../../src/setup/artifacts.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { ARTIFACTS, CLOSING, coverChain, openChain, type ProvenChain, proveChain, TABLES } from './book.js';
import { BASES, CORPUS, type ConformanceCase } from './caseFile.js';
import { acceptedCases } from './cases/accepted.js';
import { batchCases } from './cases/batchCases.js';
import { coveredCases } from './cases/coveredCases.js';
import { inclusionCases } from './cases/inclusionCases.js';
import { keyCases } from './cases/keyCases.js';
import { manifestCases } from './cases/manifestCases.js';
import { policyCases } from './cases/policyCases.js';
import { reserveCases } from './cases/reserveCases.js';
import { snapshotCases } from './cases/snapshotCases.js';
import { setAgainstCustomers, totalsCases } from './cases/totalsCases.js';
import { type BundleTexts, corpusKeys, draftOf, seal } from './draft.js';
import { ACCOUNT_TIME, ACCOUNTS, parameters, registry, VENUE_START } from './market.js';
import { CHAIN_ID, type CorpusReserves, collectReserves } from './reserves.js';
import type { CaseSpec, Workshop } from './workshop.js';

const at = (...parts: readonly string[]): string => join(fileURLToPath(CORPUS), ...parts);

/** Proves everything anew and writes the corpus but for its README. */
export async function generate(onStep: (text: string) => void): Promise<void> {
  for (const circuit of [...TABLES.map((table) => table.circuit), ...Object.values(CLOSING)]) {
    onStep(`building ${circuit}`);
    await buildArtifacts(circuitByName(circuit), ARTIFACTS);
  }
  const pool = startProverPool();
  try {
    const workshop = await makeWorkshop(pool, onStep);
    onStep('writing the cases');
    const specs: readonly CaseSpec[] = [
      ...(await acceptedCases(workshop)),
      ...(await manifestCases(workshop)),
      ...(await keyCases(workshop)),
      ...(await snapshotCases(workshop)),
      ...(await batchCases(workshop)),
      ...(await totalsCases(workshop)),
      ...(await coveredCases(workshop)),
      ...(await reserveCases(workshop)),
      ...policyCases(workshop),
      ...(await inclusionCases(workshop)),
    ];
    await rm(at('bases'), { recursive: true, force: true });
    await rm(at('cases'), { recursive: true, force: true });
    const bases = new Map<string, BundleTexts>();
    for (const base of BASES) {
      bases.set(base, await seal(workshop.bases[base]));
      for (const [path, text] of bases.get(base) ?? []) await put(at('bases', base, path), text);
    }
    await put(at('policy.json'), serializePolicy(workshop.reserves.policy));
    for (const spec of specs) await writeCase(spec, bases.get(spec.base) as BundleTexts, workshop.reserves);
  } finally {
    pool.close();
  }
}

async function makeWorkshop(pool: ProverPool, onStep: (text: string) => void): Promise<Workshop> {
  onStep('proving the honest chain');
  const honest = await proveChain(pool, { accounts: ACCOUNTS, venueStart: VENUE_START });
  onStep('collecting reserves from a local chain');
  const keys = new Map([...(await corpusKeys())].map(([circuit, { hash }]) => [circuit, hash]));
  const name = { venue: registry.venue, accountRoot: honest.claimed.accountRoot, time: ACCOUNT_TIME };
  const reserves = await collectReserves(name, keys);
  const counted = (evidence: ReserveEvidence) => countedReserves(honest, reserves, evidence);
  const [all, less] = [await counted(reserves.evidence), await counted(reserves.less)];

  onStep('closing it in three ways, and against reserves that are not there');
  const [opening, strict, withLoans, airAsset, airValue] = await Promise.all([
    openChain(pool, honest),
    coverChain(pool, honest, false, all),
    coverChain(pool, honest, true, less),
    coverChain(pool, honest, false, {
      ...all,
      byAsset: new Map([...all.byAsset, [2, 10n * (all.byAsset.get(2) ?? 0n)]]),
    }),
    coverChain(pool, honest, false, { ...all, value: all.value + 1n }),
  ]);

  onStep('proving four chains that are false');
  const chains = {
    honest,
    falseTotals: await proveChain(pool, { accounts: ACCOUNTS, venueStart: VENUE_START, claim: setAgainstCustomers }),
    unbalanced: await proveChain(pool, { accounts: withoutHousePositions(), venueStart: VENUE_START }),
    insiders: await proveChain(pool, { accounts: ACCOUNTS, venueStart: 8 }),
    negativeStart: await proveChain(pool, {
      accounts: ACCOUNTS,
      venueStart: VENUE_START,
      first: { ...FIRST_STATE, customers: { ...FIRST_STATE.customers, owed: FIELD_ORDER - 10n ** 21n } },
    }),
  };
  const { falseTotals, unbalanced, insiders, negativeStart } = chains;
  return {
    bases: {
      opened: await draftOf(honest, opening, reserves.evidence),
      covered: await draftOf(honest, strict, reserves.evidence),
      'covered-with-loans': await draftOf(honest, withLoans, reserves.less),
    },
    reserves,
    chains,
    openings: {
      falseTotals: await openChain(pool, falseTotals),
      unbalanced: await openChain(pool, unbalanced),
      insiders: await openChain(pool, insiders),
      negativeStart: await openChain(pool, negativeStart),
    },
    ofAir: { asset: airAsset, value: airValue },
  };
}

const withoutHousePositions = (): typeof ACCOUNTS =>
  new Map(
    [...ACCOUNTS].map(([place, known]) => [
      place,
      place < VENUE_START ? known : { ...known, account: { ...known.account, positions: [] } },
    ]),
  );

/** What the evidence is worth under the policy, as a venue counts it before it proves. */
async function countedReserves(
  { claimed }: ProvenChain,
  { policy, blockHash }: CorpusReserves,
  evidence: ReserveEvidence,
) {
  const attestation = { venue: registry.venue, accountRoot: claimed.accountRoot, time: ACCOUNT_TIME };
  const blockHashes = new Map([[CHAIN_ID, blockHash]]);
  const { assets } = await checkReserves({ evidence, policy, registry, attestation, blockHashes });
  const compared = compareReserves({
    reserves: assets,
    liabilities: { assets: [], total: 0n },
    prices: new Map([...parameters.assets].map(([id, { price }]) => [id, price])),
    policy,
    registry,
    countCheckedOnline: false,
  });
  return {
    byAsset: new Map(compared.assets.map(({ assetId, value }) => [assetId, value])),
    value: compared.assets.reduce((sum, { value, haircut }) => sum + value * haircut.ppm, 0n) / RATE_SCALE,
  };
}

async function writeCase(spec: CaseSpec, base: BundleTexts, reserves: CorpusReserves): Promise<void> {
  const folder = join('cases', spec.name);
  const bundle = spec.bundle ?? base;
  const common = {
    title: spec.title,
    base: spec.base,
    deleted: [...base.keys()].filter((path) => !bundle.has(path)),
    expect: spec.reason === undefined ? ('accept' as const) : ('reject' as const),
    reason: spec.reason ?? null,
  };
  for (const [path, text] of bundle) if (base.get(path) !== text) await put(at(folder, 'bundle', path), text);
  let written: ConformanceCase;
  if (spec.kind === 'inclusion') {
    written = { kind: 'inclusion', ...common, file: join(folder, 'account-package.json'), identifier: spec.identifier };
    await put(at(written.file), spec.file);
  } else {
    const policy = spec.policy === undefined ? 'policy.json' : join(folder, 'policy.json');
    if (spec.policy !== undefined) await put(at(policy), serializePolicy(spec.policy));
    written = {
      kind: 'bundle',
      ...common,
      forger: spec.forger,
      policy,
      blockHashes: spec.blockHashes ?? { [CHAIN_ID]: reserves.blockHash },
      verdict: spec.verdict === 'covered' || spec.verdict === 'covered with loans' ? spec.verdict : null,
    };
  }
  await put(at(folder, 'case.json'), `${JSON.stringify(written, null, 2)}\n`);
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
