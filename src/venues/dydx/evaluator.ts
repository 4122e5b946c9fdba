import { SolvencyError } from '../../errors.js';
import { rational } from '../../numbers/rational.js';
import type { CaseInputs, Evaluation, Evaluator, Figure, JudgedStatement } from '../../vectors/evaluator.js';
import { optionalIntegerAt } from '../../vectors/fields.js';
import { representDydx } from './adapter.js';
import { isComparison, readDydxCase } from './case.js';
import {
  initialMarginAt,
  isInitialCollateralized,
  isLiquidatable,
  isMaintenanceCollateralized,
  maintenanceMarginAt,
  riskOf,
  scaledInitialPpm,
} from './model.js';

const figuresOf = (entries: Readonly<Record<string, bigint | boolean>>): Evaluation => ({
  figures: new Map(
    Object.entries(entries).map(([name, value]): [string, Figure] => [
      name,
      typeof value === 'bigint' ? rational(value) : value,
    ]),
  ),
});

/** The flags that the stated equity and margins decide. */
function compareStated({ asked }: CaseInputs): Evaluation {
  const equity = optionalIntegerAt(asked, 'equity', 'expected');
  const maintenanceMargin = optionalIntegerAt(asked, 'maintenance_margin', 'expected');
  const initialMargin = optionalIntegerAt(asked, 'initial_margin', 'expected');
  if (equity === undefined) throw new SolvencyError('INVALID_INPUT', 'a comparison states no equity');
  return figuresOf({
    ...(maintenanceMargin === undefined
      ? {}
      : {
          maintenance_ok: isMaintenanceCollateralized({ equity, maintenanceMargin }),
          liquidatable: isLiquidatable({ equity, maintenanceMargin }),
        }),
    ...(initialMargin === undefined ? {} : { initial_ok: isInitialCollateralized({ equity, initialMargin }) }),
  });
}

function evaluate(inputs: CaseInputs): Evaluation {
  const dydxCase = readDydxCase(inputs.fields);
  if (dydxCase.kind === 'comparison') return compareStated(inputs);
  if (dydxCase.kind === 'notional') {
    const { notional, openInterest, tier } = dydxCase;
    return figuresOf({
      initial_margin: initialMarginAt(notional, scaledInitialPpm(tier, openInterest)),
      maintenance_margin: maintenanceMarginAt(notional, tier),
    });
  }
  const risk = riskOf(dydxCase.account);
  return figuresOf({
    equity: risk.equity,
    initial_margin: risk.initialMargin,
    maintenance_margin: risk.maintenanceMargin,
    initial_ok: isInitialCollateralized(risk),
    maintenance_ok: isMaintenanceCollateralized(risk),
    liquidatable: isLiquidatable(risk),
  });
}

const USDC = (quantums: bigint) => rational(quantums, 1_000_000n);

function statements({ fields }: CaseInputs): readonly JudgedStatement[] {
  const dydxCase = readDydxCase(fields);
  if (dydxCase.kind !== 'account') throw new SolvencyError('INVALID_INPUT', 'the case holds no account');
  const { account } = dydxCase;
  const risk = riskOf(account);
  return (['maintenance', 'initial'] as const).map((claim) => {
    const represented = representDydx(account, claim);
    const requirement = claim === 'maintenance' ? risk.maintenanceMargin : risk.initialMargin;
    return {
      statement: { claim, ...represented },
      slack: USDC(risk.equity - requirement),
      requirement: USDC(requirement),
      rounded: represented.snapshot.roundings.map(({ where }) => where),
      asStated: true,
    };
  });
}

const asks = (fields: Parameters<Evaluator['asks']>[0]): readonly string[] =>
  isComparison(fields) ? ['equity', 'maintenance_margin', 'initial_margin'] : [];

export const dydxEvaluator: Evaluator = { asks, evaluate, statements };
