import { readFile } from 'node:fs/promises';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { serializeAccount } from '../../src/formats/account.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { serializeParameters } from '../../src/formats/parameters.js';
import { serializePrices } from '../../src/formats/prices.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildSnapshot } from '../../src/snapshot/build.js';
import { readCases } from '../../src/vectors/readCases.js';
import { representHyperliquid } from '../../src/venues/hyperliquid/adapter.js';
import { readHyperliquidCase } from '../../src/venues/hyperliquid/case.js';
import { examplePackage, exampleSecret } from './accounts.js';

const RECORDED = 'test/vectors/fixtures/hyperliquid.json';
const CASE = 'hyperliquid/mainnet_2023_12_positions';
/** 27 March 2023, the day of the recording */
const TIME = Date.UTC(2023, 2, 27) / 1000;

/** The recorded mainnet account of 12 positions, as files that the command takes. */
export async function hyperliquidExample(): Promise<ReadonlyMap<string, string>> {
  const recorded = readCases(await readFile(RECORDED, 'utf8'), RECORDED)?.find(({ id }) => id === CASE);
  if (recorded === undefined) throw new Error(`${RECORDED} does not hold ${CASE}`);
  const { parameters, prices: marks, holdings } = representHyperliquid(readHyperliquidCase(recorded.fields));
  const { registry } = parameters;
  const prices = { ...marks, time: TIME };
  const ownerSecret = exampleSecret('hyperliquid');
  return new Map([
    ['parameters.json', serializeParameters(parameters)],
    ['prices.json', serializePrices(prices, registry)],
    ['snapshot-maintenance.json', serializeSnapshot(buildSnapshot(parameters, prices, 'maintenance'))],
    ['snapshot-initial.json', serializeSnapshot(buildSnapshot(parameters, prices, 'initial'))],
    ['account.json', serializeAccount(holdings, registry)],
    ['identity.json', serializeIdentity({ ownerSecret, ownerCommitment: ownerCommitment(ownerSecret) })],
    [
      'account-package.json',
      serializeAccountPackage(examplePackage('hyperliquid', registry, holdings, TIME), registry),
    ],
  ]);
}
