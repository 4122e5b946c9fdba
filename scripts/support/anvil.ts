import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { JsonRpcProvider, type JsonRpcSigner } from 'ethers';
import { askAgain } from '../../src/chain/askAgain.js';

/** A local chain that lives in a child process. */
export interface LocalChain {
  readonly url: string;
  readonly chainId: bigint;
  readonly provider: JsonRpcProvider;
  /** ten accounts with 10,000 ether each, whose keys the node holds */
  readonly signers: readonly JsonRpcSigner[];
  /** Ends the process and waits until it is gone. Call it in `finally`. */
  stop(): Promise<void>;
}

/** Starts anvil on a free port of 127.0.0.1. Should this process end before `stop`, the chain ends with it. */
export async function startAnvil({ chainId = 31337n }: { readonly chainId?: bigint } = {}): Promise<LocalChain> {
  // the binary itself: its wrapper script would survive as a process between us and the chain
  const child = spawn(anvilBinary(), ['--host', '127.0.0.1', '--port', '0', '--chain-id', chainId.toString()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const url = await listeningUrl(child);
    const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
    provider.pollingInterval = 20;
    const stopAsking = askAgain(provider);
    const stop = async (): Promise<void> => {
      stopAsking();
      provider.destroy();
      kill();
      await gone;
      process.removeListener('exit', kill);
    };
    return { url, chainId, provider, signers: await provider.listAccounts(), stop };
  } catch (error) {
    kill();
    throw error;
  }
}

function anvilBinary(): string {
  const require = createRequire(import.meta.url);
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  // the platform's package is a dependency of @foundry-rs/anvil, and so resolved from there
  const fromAnvil = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
  return fromAnvil.resolve(`@foundry-rs/anvil-${process.platform}-${architecture}/bin/anvil${suffix}`);
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (text: string) => {
      output += text;
      const address = /Listening on (127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`anvil ended with status ${status} before it listened.`)));
  });
}
