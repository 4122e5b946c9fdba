import type { JsonRpcProvider } from 'ethers';

const EVERY_MS = 500;

/**
 * Has a provider look for awaited receipts again and again; gives what ends that. The library looks once, and then at each
 * new block that it notices: on a node that makes a block only for a transaction, one that is mined in between, or in a
 * block whose number was seen before a revert, would be waited for without end.
 */
export function askAgain(provider: JsonRpcProvider): () => void {
  const timer = setInterval(() => {
    provider
      .listenerCount('block')
      .then((count) => count > 0 && provider.emit('block', -1))
      .catch(() => undefined);
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
