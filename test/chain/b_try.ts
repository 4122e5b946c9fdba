import { verifierSource } from '../../src/chain/verifierSource.js';
import solc from 'solc';
import { freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { compileVerifier } from '../../src/chain/compileContracts.js';
import { ContractFactory, Interface } from 'ethers';
import { startAnvil } from './anvil_try.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
const chain = await startAnvil();
const f = await freeSignals(7);
const c = compileVerifier(f.key, f.circuit); const abi = new Interface(c.abi as never);
const d = await new ContractFactory(abi, c.bytecode, chain.signers[0]!).deploy(); await d.waitForDeployment();
const s = Array.from({ length: 7 }, (_, i) => 2n ** 253n - BigInt(i) * 77n);
const p = proofCalldata(await f.prove(s));
for (const [name, data] of [['verify', abi.encodeFunctionData('verify', [p, s])], ['batch8', abi.encodeFunctionData('verifyBatch', [Array(8).fill(p), Array(8).fill(s).flat()])]] as const) {
  const t = await (await chain.signers[0]!.sendTransaction({ to: await d.getAddress(), data, gasLimit: 20_000_000n })).wait();
  const tr = await chain.provider.send('debug_traceTransaction', [t!.hash, { disableStorage: true, enableMemory: false, disableStack: false }]);
  const logs = tr.structLogs as { pc: number; op: string; gas: number; gasCost: number; stack: string[] }[];
  const by: Record<string, [number, number]> = {};
  logs.forEach((l, i) => { const cost = l.gas - (logs[i + 1]?.gas ?? l.gas); const e = (by[l.op] ??= [0, 0]); e[0]++; e[1] += cost; });
  console.log(name, logs.length, Object.entries(by).sort((a, b) => b[1][1] - a[1][1]).slice(0, 24).map(([k, v]) => `${k}:${v[0]}x=${v[1]}`).join(' '));
  const sc = logs.map((l, i) => [l, i] as const).filter(([l]) => l.op === 'STATICCALL').map(([l, i]) => `${Number(l.stack.at(-2))}:${l.gas - logs[i + 1]!.gas}`);
  console.log(sc.join(' '));

  const src = verifierSource(f.key, f.circuit);
  const out = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources: { 'a.sol': { content: src } }, settings: { optimizer: { enabled: true, runs: 1000 }, evmVersion: 'cancun', outputSelection: { '*': { '*': ['evm.deployedBytecode'] } } } })));
  const db = out.contracts['a.sol'].FreeSignals7Verifier.evm.deployedBytecode;
  const code = Buffer.from(db.object, 'hex');
  const map: number[] = []; let st = 0, ln = 0; const entries = db.sourceMap.split(';').map((e: string) => { const q = e.split(':'); if (q[0]) st = +q[0]; if (q[1]) ln = +q[1]; let file = q[2]; return [st, ln]; });
  let k = 0; for (let pc = 0; pc < code.length; k++) { map[pc] = k; const op = code[pc]!; pc += 1 + (op >= 0x60 && op <= 0x7f ? op - 0x5f : 0); }
  const lines: Record<string, number> = {};
  logs.forEach((l, i) => { if (l.op === 'STATICCALL') return; const cost = l.gas - (logs[i + 1]?.gas ?? l.gas); const e = entries[map[l.pc]!]; const line = e ? src.slice(0, e[0]).split('\n').length : 0; lines[line] = (lines[line] ?? 0) + cost; });
  const sl = src.split('\n');
  console.log(Object.entries(lines).sort((a, b) => b[1] - a[1]).slice(0, 40).map(([n, g]) => `${g} L${n} ${sl[+n - 1]?.trim().slice(0, 90)}`).join('\n'));
}
await chain.stop(); await releaseSnarkjs();
