import type { Holdings } from '../../src/account/account.js';
import type { StandardSnapshot } from '../../src/snapshot/snapshot.js';

/**
 * Weighted equity less requirement, in 1e-22 quote, straight from the figures of a snapshot and in the order in which
 * StandardManager.sol of derivexyz/v2-core computes it: expiry by expiry, payoff by payoff. Shares nothing with the
 * twin. Assets must have one haircut step.
 */
export function slackOf(snapshot: StandardSnapshot, { collateral, positions }: Holdings): bigint {
  const RATE = 10n ** 6n;
  let net = 0n;
  for (const { assetId, amount } of collateral) {
    const asset = snapshot.assets.find((candidate) => candidate.assetId === assetId);
    if (asset === undefined || asset.ladder.length !== 1) throw new Error('the market has no such asset');
    const factor = amount > 0n ? (asset.ladder[0]?.factor ?? 0n) : RATE;
    net += amount * asset.price * factor - (amount < 0n ? -amount : amount) * asset.charge * RATE;
  }
  const held = positions.map((position) => {
    const instrument = snapshot.instruments.find(({ instrumentId }) => instrumentId === position.instrumentId);
    if (instrument === undefined) throw new Error('the market has no such contract');
    return { ...position, instrument };
  });
  for (const { size, cost, instrument } of held) {
    net -= cost * 10n ** 8n * RATE;
    net -= (size > 0n ? size * instrument.longCharge : -size * instrument.shortCharge) * RATE;
    if (instrument.option === null) net += size * instrument.price * RATE;
  }
  snapshot.expiries.forEach(({ unpaired }, expiry) => {
    const options = held.flatMap(({ size, instrument: { option } }) =>
      option?.expiry === expiry ? [{ size, option }] : [],
    );
    const payoffAt = (price: bigint): bigint => {
      let paid = 0n;
      for (const { size, option } of options) {
        const inTheMoney = option.type === 'call' ? price - option.strike : option.strike - price;
        if (inTheMoney > 0n) paid += inTheMoney * size;
      }
      return paid < 0n ? paid : 0n;
    };
    let maxLoss = payoffAt(0n);
    let isolated = 0n;
    let netCalls = 0n;
    for (const { size, option } of options) {
      if (size < 0n) isolated += size * option.isolated;
      if (option.type === 'call') netCalls += size;
      const loss = payoffAt(option.strike);
      if (loss < maxLoss) maxLoss = loss;
    }
    if (netCalls < 0n) maxLoss += unpaired * netCalls;
    net += (isolated > maxLoss ? isolated : maxLoss) * RATE;
  });
  return net;
}
