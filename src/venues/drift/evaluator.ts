import { SolvencyError } from '../../errors.js';
import { rational } from '../../numbers/rational.js';
import type {
  CaseInputs,
  CaseStatement,
  Evaluation,
  Evaluator,
  Figure,
  JudgedStatement,
  LeftOut,
} from '../../vectors/evaluator.js';
import type { JsonObject } from '../../vectors/json.js';
import { representDrift } from './adapter.js';
import { readDriftAccount, readDriftPerp, readDriftWeights, statesMaintenance } from './case.js';
import {
  assetWeightAt,
  type DriftAccount,
  highest,
  isHealthy,
  liabilityWeightAt,
  type PerpRisk,
  perpRisk,
  type RequirementType,
  riskOf,
} from './model.js';

const ASKED_TYPE = 'requirement_type';
const TYPES: Readonly<Record<string, RequirementType>> = {
  Initial: 'initial',
  Fill: 'fill',
  Maintenance: 'maintenance',
};

const figuresOf = (entries: Readonly<Record<string, bigint | boolean>>): Evaluation => ({
  figures: new Map(
    Object.entries(entries).map(([name, value]): [string, Figure] => [
      name,
      typeof value === 'bigint' ? rational(value) : value,
    ]),
  ),
});

/**
 * The requirement that a case asks for, initial where it names none; undefined when the name is unknown or when nothing in
 * the case tells maintenance apart, so that the word would stand unchecked.
 */
function typeOf({ asked, fields }: CaseInputs): RequirementType | undefined {
  const named = asked[ASKED_TYPE] ?? 'Initial';
  const type = typeof named === 'string' && Object.hasOwn(TYPES, named) ? TYPES[named] : undefined;
  return type === 'initial' || statesMaintenance(fields) ? type : undefined;
}

/** Without a requirement type there is no figure, so every expected one is a mismatch rather than passed over. */
const withType =
  (evaluate: (inputs: CaseInputs, type: RequirementType) => Evaluation) =>
  (inputs: CaseInputs): Evaluation => {
    const type = typeOf(inputs);
    return type === undefined ? { figures: new Map() } : evaluate(inputs, type);
  };

const evaluateWeights = ({ fields }: CaseInputs): Evaluation =>
  figuresOf(
    Object.fromEntries(
      readDriftWeights(fields).map(({ kind, size, imfFactor, weight }) =>
        kind === 'asset'
          ? ['asset_weight_1e4', assetWeightAt(size, imfFactor, weight)]
          : ['liability_weight_1e4', liabilityWeightAt(size, imfFactor, weight)],
      ),
    ),
  );

function evaluatePerp({ fields }: CaseInputs, type: RequirementType): Evaluation {
  const riskFor = (asked: RequirementType): PerpRisk => {
    const { position, quotePrice, rules, customMarginRatio } = readDriftPerp(fields, asked);
    return perpRisk(position, asked, quotePrice, rules, customMarginRatio);
  };
  const risk = riskFor(type);
  return figuresOf({
    ...(statesMaintenance(fields) ? { maintenance_margin_1e6: riskFor('maintenance').requirement } : {}),
    [`${type}_margin_1e6`]: risk.requirement,
    margin_requirement_1e6: risk.requirement,
    margin_ratio_1e4: risk.marginRatio,
    liability_value_1e6: risk.liabilityValue,
    weighted_upnl_1e6: risk.weightedUnrealized,
    raw_upnl_1e6: risk.unrealized,
  });
}

function evaluateAccount({ fields }: CaseInputs, type: RequirementType): Evaluation {
  const risk = riskOf(readDriftAccount(fields, type), type);
  const free = risk.collateral - risk.requirement;
  return figuresOf({
    margin_requirement_1e6: risk.requirement,
    total_collateral_1e6: risk.collateral,
    free_collateral_1e6: free < 0n ? 0n : free,
    ok: isHealthy(risk),
  });
}

/** What the weighted circuit is asked of an account; amounts in the quote token at the higher of its prices. */
function judged(account: DriftAccount, claim: CaseStatement['claim']): JudgedStatement {
  const represented = representDrift(account, claim);
  const { collateral, requirement } = riskOf(account, claim);
  const unit = highest(account.quote.price);
  return {
    statement: { claim, ...represented },
    slack: rational(collateral - requirement, unit),
    requirement: rational(requirement, unit),
    rounded: represented.snapshot.roundings.map(({ where }) => where),
    asStated: true,
  };
}

/** One statement a claim; a case that lacks the parameters of one claim may still state the other. */
const statementsOf =
  (read: (fields: JsonObject, claim: CaseStatement['claim']) => DriftAccount) =>
  ({ fields }: CaseInputs): readonly (JudgedStatement | LeftOut)[] =>
    (['maintenance', 'initial'] as const).map((claim) => {
      try {
        return judged(read(fields, claim), claim);
      } catch (error) {
        if (!(error instanceof SolvencyError)) throw error;
        return { skipped: `${claim}: ${error.message}` };
      }
    });

/** A case of one position is an account without balance. */
function perpAccount(fields: JsonObject, claim: CaseStatement['claim']): DriftAccount {
  const { position, quotePrice, rules, customMarginRatio } = readDriftPerp(fields, claim);
  const quote = { price: quotePrice, decimals: 6, amount: 0n };
  return { rules, quote, spots: [], perps: [position], customMarginRatio };
}

const noAccount = (): readonly LeftOut[] =>
  (['maintenance', 'initial'] as const).map((claim) => ({ skipped: `${claim}: the case holds no account` }));
const noQuestion = (): readonly string[] => [];
const asksType = (_: JsonObject): readonly string[] => [ASKED_TYPE];

export const driftWeightsEvaluator: Evaluator = {
  asks: noQuestion,
  evaluate: evaluateWeights,
  statements: noAccount,
};
export const driftPerpEvaluator: Evaluator = {
  asks: asksType,
  evaluate: withType(evaluatePerp),
  statements: statementsOf(perpAccount),
};
export const driftAccountEvaluator: Evaluator = {
  asks: asksType,
  evaluate: withType(evaluateAccount),
  statements: statementsOf(readDriftAccount),
};
