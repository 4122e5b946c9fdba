import type { Snapshot } from '../../snapshot/snapshot.js';
import { validateSnapshot } from '../../snapshot/validate.js';
import type { PriceHistory } from '../history.js';
import { type CheckedMarket, checkMarket } from './checkMarket.js';
import type { EngineModel } from './engineModel.js';
import { type Histories, historiesByName } from './estimates.js';
import type { Market } from './market.js';
import { measuredSnapshot } from './measured.js';
import type { OnProgress } from './onProgress.js';
import { portfolioSnapshot } from './portfolio.js';
import { tieredSnapshot } from './tiered.js';

/**
 * A valid snapshot of public market data by a model. The same inputs give the same snapshot, to the last figure, on every
 * machine, in whatever order histories are given and the market lists its instruments.
 *
 * Every figure is rounded against the prover, or to nearest with a charge for what that can be worth, so that at a threshold
 * of 100% or more no account is asked for less than by the model without roundings; docs/engine.md says which is which.
 *
 * Errors: those of checkMarket; INVALID_HISTORY for gaps, zeros and histories that go beyond the market's time,
 * INVALID_CORRELATION, INVALID_VOLATILITY, TOO_FEW_SCENARIOS; INVALID_INPUT for what the model needs and the market does not
 * state; NOT_REPRESENTABLE for a price or a mark with too many decimals; INVALID_SNAPSHOT for what the family does not allow.
 */
export function buildEngineSnapshot(
  market: Market,
  histories: readonly PriceHistory[],
  model: EngineModel,
  onProgress: OnProgress = () => undefined,
): Snapshot {
  const checked = checkMarket(market);
  const snapshot = withShortNotes(snapshotOf(checked, historiesByName(histories, market), model, onProgress));
  onProgress('validating', 0);
  validateSnapshot(snapshot);
  return snapshot;
}

const NOTE_LENGTH = 200;
const short = (text: string): string => (text.length <= NOTE_LENGTH ? text : `${text.slice(0, NOTE_LENGTH - 3)}...`);

/** Words for people have a length in the file format, and names of histories may be long. */
const withShortNotes = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  roundings: snapshot.roundings.map(({ where, exact, used }) => ({
    where: short(where),
    exact: short(exact),
    used: short(used),
  })),
  provenance: (snapshot.provenance ?? []).map(({ where, from }) => ({ where: short(where), from: short(from) })),
});

function snapshotOf(market: CheckedMarket, histories: Histories, model: EngineModel, onProgress: OnProgress): Snapshot {
  switch (model.family) {
    case 'tiered':
      return tieredSnapshot(market, model, histories, onProgress);
    case 'portfolio':
      return portfolioSnapshot(market, model, onProgress);
    default:
      return measuredSnapshot(market, model, histories, onProgress);
  }
}
