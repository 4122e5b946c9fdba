import { freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { compileVerifier } from '../../src/chain/compileContracts.js';
import { ContractFactory } from 'ethers';
import { startAnvil } from '../../scripts/support/anvil.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import { Interface } from 'ethers';
import { executionGas } from '../support/gas.js';
const chain = await startAnvil();
for (const n of (process.argv[2] ?? '7').split(',').map(Number)) {
  const f = await freeSignals(n);
  const abi = new Interface(compileVerifier(f.key, f.circuit).abi as never);
  const c = compileVerifier(f.key, f.circuit); const d = await new ContractFactory(c.abi as never, c.bytecode, chain.signers[0]!).deploy();
  const gasUsed = (await d.deploymentTransaction()!.wait())!.gasUsed; const address = await d.getAddress();
  const s = Array.from({ length: n }, (_, i) => 2n ** 253n - BigInt(i) * 77n);
  const p = proofCalldata(await f.prove(s));
  const measure = async (data: string) => {
    console.log(abi.decodeFunctionResult(abi.getFunction(data.slice(0, 10))!.name, await chain.provider.call({ to: address, data }))[0]);
    const r = await (await chain.signers[0]!.sendTransaction({ to: address, data, gasLimit: 20_000_000n })).wait();
    return `${r!.gasUsed} exec ${executionGas(r, data)}`;
  };
  console.log(n, 'deploy', gasUsed, 'verify', await measure(abi.encodeFunctionData('verify', [p, s])));
  for (const k of [1, 2, 8, 32]) console.log(n, 'batch', k, await measure(abi.encodeFunctionData('verifyBatch', [Array(k).fill(p), Array(k).fill(s).flat()])));
}
await chain.stop();
await releaseSnarkjs();
