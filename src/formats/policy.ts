import { getAddress, toBeHex } from 'ethers';
import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { formatRational, parseRational, type Rational, ZERO } from '../numbers/rational.js';
import { RATE_SCALE } from '../protocol/constants.js';
import type { BalanceLayout, Policy } from '../reserves/policy.js';
import { addressText, chainIdNumber, wordText } from './chainFields.js';
import { circuitName, nameText, patternText, refined, unsignedText, wholeNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

const ONE_PPM = Number(RATE_SCALE);
const ppm = wholeNumber(0, ONE_PPM);

const tokenFields = z
  .strictObject({
    asset: nameText,
    chainId: chainIdNumber,
    token: addressText.nullable(),
    decimals: wholeNumber(0, 255),
    balance: z
      .strictObject({
        order: z.enum(['solidity', 'vyper'], 'must be "solidity" or "vyper"'),
        slot: wordText,
        bits: wholeNumber(1, 256),
      })
      .nullable(),
  })
  .refine(({ token, balance }) => (token === null) === (balance === null), {
    error: 'token and balance must both be given, or both be null for the native coin',
    abort: true,
  });

export const policySchema = fileSchema('policy', {
  venue: nameText,
  venueKey: addressText,
  tokens: z.array(tokenFields),
  haircuts: z.array(z.strictObject({ asset: nameText, ppm })),
  issuedByVenue: z.array(nameText),
  marks: z.strictObject({
    assetsPpm: ppm,
    prices: z.array(
      z.strictObject({
        asset: nameText,
        price: refined(unsignedText, (text) => /[1-9]/.test(text), 'must be above zero'),
      }),
    ),
    unpinned: z.enum(['accept', 'refuse'], 'must be "accept" or "refuse"'),
  }),
  verificationKeys: z.array(
    z.strictObject({
      circuit: circuitName,
      keyHash: patternText(/^[0-9a-f]{64}$/, 'must be a key hash: 64 hexadecimal digits in lower case'),
    }),
  ),
  maxAge: wholeNumber(0, Number.MAX_SAFE_INTEGER),
});

type PolicyFile = z.infer<typeof policySchema>;

/**
 * Reads `zk-solvency/policy`: what a verifier pins. Whether its symbols are the venue's is checked where it is used.
 * Errors: readFormat's, DUPLICATE for a token, haircut, price, venue asset or circuit that is given twice.
 */
export function parsePolicy(text: string, where: string): Policy {
  const file = readFormat(policySchema, text, { name: 'policy', where });
  const tokens = file.tokens.map(({ token, balance, ...rest }) => ({
    ...rest,
    token: token === null ? null : getAddress(token),
    balance: balance === null ? null : { ...balance, slot: BigInt(balance.slot) },
  }));
  // a token that is listed twice would count for two assets, or twice for one
  unique(tokens, `${where}: tokens`, ({ chainId, token }) => `${chainId} ${token}`);
  return {
    venue: file.venue,
    venueKey: getAddress(file.venueKey),
    tokens,
    haircuts: uniqueMap(file.haircuts, `${where}: haircuts`, (item) => [item.asset, BigInt(item.ppm)]),
    issuedByVenue: new Set(unique(file.issuedByVenue, `${where}: issuedByVenue`, (asset) => asset)),
    marks: {
      assetsPpm: BigInt(file.marks.assetsPpm),
      prices: uniqueMap(file.marks.prices, `${where}: marks.prices`, (item) => [item.asset, exact(item.price)]),
      unpinned: file.marks.unpinned,
    },
    verificationKeys: uniqueMap(file.verificationKeys, `${where}: verificationKeys`, (item) => [
      item.circuit,
      item.keyHash,
    ]),
    maxAge: file.maxAge,
  };
}

export function serializePolicy(policy: Policy): string {
  const fields: Omit<PolicyFile, 'format' | 'version'> = {
    venue: policy.venue,
    venueKey: policy.venueKey,
    tokens: policy.tokens.map(({ asset, chainId, token, decimals, balance }) => ({
      asset,
      chainId,
      token,
      decimals,
      balance: balance === null ? null : { order: balance.order, slot: slotText(balance), bits: balance.bits },
    })),
    haircuts: [...policy.haircuts].map(([asset, value]) => ({ asset, ppm: Number(value) })),
    issuedByVenue: [...policy.issuedByVenue],
    marks: {
      assetsPpm: Number(policy.marks.assetsPpm),
      prices: [...policy.marks.prices].map(([asset, price]) => ({ asset, price: formatRational(price) })),
      unpinned: policy.marks.unpinned,
    },
    verificationKeys: [...policy.verificationKeys].map(([circuit, keyHash]) => ({ circuit, keyHash })),
    maxAge: policy.maxAge,
  };
  return writeFormat('policy', fields);
}

/** Small slots are known by their number, those of a namespace by their hash. */
const slotText = ({ slot }: BalanceLayout): string => (slot < 1n << 64n ? slot.toString() : toBeHex(slot, 32));

/** The schema has let nothing else pass. */
const exact = (text: string): Rational => parseRational(text) ?? ZERO;

function uniqueMap<Item, Value>(
  items: readonly Item[],
  where: string,
  read: (item: Item) => readonly [string, Value],
): ReadonlyMap<string, Value> {
  return new Map(unique(items.map(read), where, ([key]) => key));
}

/** Which of two entries counts must not depend on the reader. */
function unique<Item>(items: readonly Item[], where: string, keyOf: (item: Item) => string): readonly Item[] {
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const before = first.get(keyOf(item));
    if (before !== undefined) {
      throw new SolvencyError('DUPLICATE', `${where}[${index}] repeats ${where}[${before}]. Leave one.`, {
        details: { where: `${where}[${index}]`, first: `${where}[${before}]` },
      });
    }
    first.set(keyOf(item), index);
  }
  return items;
}
