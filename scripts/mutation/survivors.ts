/** Mutants that no test can kill, by id, each with the reason why its check is redundant and yet stands. */
export const EXPLAINED: Readonly<Record<string, string>> = {
  'liabilities/bookLeaf.circom: positionCount === 0;':
    'A class without room for positions hashes the empty list whatever the count says, and nothing else reads it. It stands so that no later use of the count is surprised.',
  'liabilities/liabilitiesBatch.circom: debt[u] === 0;':
    'A class without settle assets reads no debt at all. It stands so that the input has one value there.',
  'measure/combination.circom: component maximumRange = Ranged(MEASURE_REQUIREMENT_BITS()) without range':
    'The ranges beside it say that the maximum is at least each measure, none of which is negative. A larger one only costs the prover.',
  'measure/greeksLoss.circom: movesRange[k] = Boolean() without bit':
    'A contract that names an underlying moves as it is used. One that names none can only stand in slots that are not used, whose losses are added and never below zero.',
  'portfolio/portfolioMargin.circom: movesRange[a] = Boolean() without bit':
    'Collateral that names an underlying moves as it is used. What names none can only stand in slots that are not used, whose losses are added and never below zero.',
  'portfolio/worstLoss.circom: component least = Ranged(PORTFOLIO_LOSS_BITS()) without range':
    'The range beside it says that the loss is at least that of the basis, which BasisLoss ranges to be none below zero.',
};
