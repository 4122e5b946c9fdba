import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Contract } from 'ethers';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { ACCOUNT_TIME, type GateSystem, gateSystem, MODEL, NOW, POLICY, VENUE_MAX_AGE } from '../support/gateSystem.js';
let s: GateSystem; let snap: string;
beforeAll(async () => { s = await gateSystem(); }, 120_000);
afterAll(async () => { await s?.stop(); await releaseSnarkjs(); });
beforeEach(async () => { snap = await s.snapshot(); await s.at(NOW); });
afterEach(async () => { await s.revert(snap); });
test('A equal ages', async () => {
  const gate = await s.deployGate({ ...POLICY, maxAge: VENUE_MAX_AGE });
  await s.send(s.registry, 'admit', gate.target, true);
  await s.send(gate, 'allow', s.verifier.target, MODEL, s.venue.address, true);
  await s.send(gate.connect(s.alice) as Contract, 'submit', await s.submission({ gate: gate.target as string }));
  const end = ACCOUNT_TIME + VENUE_MAX_AGE;
  await s.keepUp(end, 'risk');
  const st = () => gate.getFunction('statusOf')(s.alice.address);
  const a = await st();
  await s.keepUp(end + 1n, 'risk'); const b = await st();
  await s.keepUp(end + 9000n, 'risk'); const c = await st();
  console.log('A', a, b, c, await gate.getFunction('secondsLeft')(s.alice.address));
});
test('B credit erased by somebody else with a proof that failed in the pause', async () => {
  await s.send(s.gateAs(s.alice), 'submit', await s.submission());
  await s.postAccount(1002n, NOW + 1n);
  const p2 = await s.submission({ accountRoot: 1002n });
  await s.pause();
  await s.at(NOW + 3400n);
  await s.unpause();
  const left = () => s.gate.getFunction('secondsLeft')(s.alice.address);
  const a = await left();
  await s.send(s.gateAs(s.bob), 'submitMany', [p2]);
  console.log('B', a, await left());
});
test('C replay flips floor', async () => {
  const low = await s.submission();
  await s.send(s.gateAs(s.alice), 'submit', low);
  await s.send(s.gateAs(s.alice), 'submit', await s.submission({ equityFloor: POLICY.minEquityFloor * 5n }));
  const f = async () => (await s.gate.getFunction('recordOf')(s.alice.address)).equityFloor;
  const a = await f();
  await s.send(s.gateAs(s.bob), 'submitMany', [low]);
  console.log('C', a, await f());
});
test('D oracle outages heap', async () => {
  await s.send(s.gateAs(s.alice), 'submit', await s.submission());
  await s.at(NOW + 4000n + 3600n);
  const gas = async () => s.gate.getFunction('statusOf').estimateGas(s.alice.address);
  let t = await s.time(); const g: bigint[] = [];
  for (let i = 0n; i < 80n; i++) {
    t += 2n;
    await s.next(t); await s.postRisk(700_000n + i, t - 3600n);
    if (i % 40n === 39n || i === 0n) { await s.at(t + 1n); g.push(await gas()); }
  }
  console.log('D', g);
});
