import { type Signer, Wallet } from 'ethers';
import { askAgain } from '../chain/askAgain.js';
import { SolvencyError } from '../errors.js';
import { openProvider } from '../reserves/rpc.js';
import { nodeUrl } from './nodeUrl.js';
import { readSecret } from './readSecret.js';

/** An account on a chain. */
export interface OpenChain {
  readonly chainId: number;
  readonly signer: Signer;
  readonly address: string;
  close(): void;
}

/** The account of a key file; no key is ever an argument, since others see those. INVALID_INPUT when it holds none. */
export async function readKey(path: string): Promise<Wallet> {
  const text = (await readSecret(path)).trim();
  try {
    return new Wallet(text);
  } catch {
    // the library's message may quote the key
    throw new SolvencyError('INVALID_INPUT', `${path} must hold a private key: 32 bytes in 0x hexadecimal.`, {
      details: { path },
    });
  }
}

/** Connects an account to the node of --rpc. Errors: nodeUrl's and openProvider's. */
export async function openChain(rpc: string, key: Wallet): Promise<OpenChain> {
  const { provider, chainId } = await openProvider(await nodeUrl(rpc));
  provider.pollingInterval = 1000;
  const stopAsking = askAgain(provider);
  return {
    chainId,
    signer: key.connect(provider),
    address: key.address,
    close: () => {
      stopAsking();
      provider.destroy();
    },
  };
}
