import { fileURLToPath } from 'node:url';
import type { TransactionReceipt } from 'ethers';
import { expect } from 'vitest';

const BASE_GAS = 21_000n;
const ZERO_BYTE_GAS = 4n;
const OTHER_BYTE_GAS = 16n;
/** the least price of a unit of calldata, of which a zero byte is one and another byte four (EIP-7623) */
const FLOOR_GAS = 10n;

/**
 * What a call to a contract spent on running it: less the transaction's base price and its calldata, which differs from
 * proof to proof by its zero bytes. Deterministic, so that `expectGas` can pin it.
 */
export function executionGas(receipt: TransactionReceipt | null | undefined, data: string): bigint {
  if (receipt === null || receipt === undefined) throw new Error('no receipt');
  if (receipt.status !== 1) throw new Error('the transaction failed');
  const bytes = Buffer.from(data.slice(2), 'hex');
  const zeros = BigInt(bytes.filter((byte) => byte === 0).length);
  const others = BigInt(bytes.length) - zeros;
  if (receipt.gasUsed === BASE_GAS + FLOOR_GAS * (zeros + 4n * others)) {
    throw new Error('the transaction paid the least price of its calldata, which hides what it ran');
  }
  return receipt.gasUsed - BASE_GAS - ZERO_BYTE_GAS * zeros - OTHER_BYTE_GAS * others;
}

/**
 * Holds what calls cost against the committed test/chain/gas/<name>.json, one file for each test file; `vitest -u` writes
 * it anew.
 */
export async function expectGas(name: string, costs: Readonly<Record<string, bigint>>): Promise<void> {
  const numbers = Object.fromEntries(Object.entries(costs).map(([call, gas]) => [call, Number(gas)]));
  const file = fileURLToPath(new URL(`../chain/gas/${name}.json`, import.meta.url));
  await expect(`${JSON.stringify(numbers, null, 2)}\n`).toMatchFileSnapshot(file);
}
