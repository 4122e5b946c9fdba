/** Hyperliquid's public parameters: the perpetuals' universe and margin tables, as its `meta` request answers. */
import { z } from 'zod';
import { SolvencyError } from '../../errors.js';
import { compare, divide, ONE, parseRational, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { Parameters } from '../../snapshot/parameters.js';
import type { RegistryEntry } from '../../snapshot/registry.js';
import { type HyperliquidTier, maintenanceTiers } from './model.js';

const count = z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,9}$/)]).transform(Number);
const leverage = z.union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,8}$/)]).transform(Number);

const metaSchema = z.object({
  universe: z.array(
    z.object({
      name: z.string().min(1),
      szDecimals: count.refine((decimals) => decimals <= 6),
      maxLeverage: leverage,
      marginTableId: count.optional(),
      isDelisted: z.boolean().optional(),
    }),
  ),
  marginTables: z
    .array(
      z.tuple([
        count,
        z.object({ marginTiers: z.array(z.object({ lowerBound: z.string(), maxLeverage: leverage })).min(1) }),
      ]),
    )
    .default([]),
});
type Meta = z.infer<typeof metaSchema>;

const USDC_ID = 1;
const FIRST_COIN_ID = 2;
const USDC_DECIMALS = 8;
/** Below this a margin table's id is itself the highest leverage of one flat tier. */
const FIRST_LISTED_TABLE = 50;
/**
 * Sizes have szDecimals decimals and prices at most 6 - szDecimals. Four more for the amount leave 12 - szDecimals for
 * the price, and room on both sides: 2^64 units are at least 1.8e9 of a coin with six decimals, and a price may reach 1.8e7.
 */
const SPARE_DECIMALS = 4;

const invalid = (message: string): SolvencyError => new SolvencyError('INVALID_INPUT', message);

function tiersOf(
  { name, maxLeverage, marginTableId }: Meta['universe'][number],
  tables: Meta['marginTables'],
): readonly HyperliquidTier[] {
  const flat = (highest: number): readonly HyperliquidTier[] => [
    { lowerBound: ZERO, maxLeverage: rational(BigInt(highest)) },
  ];
  if (marginTableId === undefined) return flat(maxLeverage);
  const table = tables.find(([id]) => id === marginTableId)?.[1];
  if (table === undefined) {
    if (marginTableId > 0 && marginTableId < FIRST_LISTED_TABLE) return flat(marginTableId);
    throw invalid(`${name} has margin table ${marginTableId}, which marginTables does not list`);
  }
  let previous: HyperliquidTier | undefined;
  for (const [index, tier] of table.marginTiers.entries()) {
    const lowerBound: Rational | undefined = parseRational(tier.lowerBound);
    const current = lowerBound && { lowerBound, maxLeverage: rational(BigInt(tier.maxLeverage)) };
    const follows =
      current !== undefined &&
      (previous === undefined
        ? current.lowerBound.num === 0n
        : compare(current.lowerBound, previous.lowerBound) > 0 &&
          compare(current.maxLeverage, previous.maxLeverage) < 0);
    if (!follows)
      throw invalid(
        `tier ${index + 1} of margin table ${marginTableId} does not start at 0, or its bound does not rise while its leverage falls`,
      );
    previous = current;
  }
  return table.marginTiers.map((tier) => ({
    lowerBound: parseRational(tier.lowerBound) as Rational,
    maxLeverage: rational(BigInt(tier.maxLeverage)),
  }));
}

/**
 * Hyperliquid's parameters from its parsed `meta` answer. USDC has id 1 and the coins follow in the order of the
 * universe, which the venue only appends to; a delisted coin keeps its id and has no tiers. Initial margin is that of
 * the highest leverage of each tier: an account that chose less has set more aside. Throws INVALID_INPUT or DUPLICATE.
 */
export function hyperliquidParameters(meta: unknown): Parameters {
  const parsed = metaSchema.safeParse(meta);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`the answer to meta is not { universe, marginTables }: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { universe, marginTables } = parsed.data;
  const names = new Set(universe.map(({ name }) => name));
  if (names.size !== universe.length)
    throw new SolvencyError('DUPLICATE', 'the universe lists a coin twice; give each one entry');
  return {
    registry: {
      venue: 'hyperliquid',
      version: 1,
      quote: 'USDC',
      entries: [
        { id: USDC_ID, symbol: 'USDC', kind: 'asset', amountDecimals: USDC_DECIMALS },
        ...universe.map(
          ({ name, szDecimals }, index): RegistryEntry => ({
            id: FIRST_COIN_ID + index,
            symbol: name,
            kind: 'perpetual',
            settleAsset: USDC_ID,
            amountDecimals: szDecimals + SPARE_DECIMALS,
          }),
        ),
      ],
    },
    maintenanceRule: 'marginal',
    initialRule: 'whole',
    haircutRule: 'marginal',
    assets: [{ assetId: USDC_ID, ladder: [{ valueCap: null, factor: ONE }] }],
    instruments: universe.flatMap((coin, index) => {
      if (coin.isDelisted === true) return [];
      const tiers = tiersOf(coin, marginTables);
      return [
        {
          instrumentId: FIRST_COIN_ID + index,
          tiers: maintenanceTiers(tiers).map(({ rate, deduction }, tier) => ({
            notionalCap: tiers[tier + 1]?.lowerBound ?? null,
            maintenanceRate: rate,
            maintenanceDeduction: deduction,
            initialRate: divide(ONE, (tiers[tier] as HyperliquidTier).maxLeverage),
          })),
        },
      ];
    }),
  };
}
