import { isError, JsonRpcProvider } from 'ethers';
import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { hexBytes } from '../formats/chainFields.js';

/** A node of a chain, as far as collecting asks it. */
export interface ChainNode {
  readonly chainId: number;
  /** the result of a JSON-RPC method; CHAIN when the node cannot be reached or refuses */
  readonly ask: (method: string, params: readonly unknown[]) => Promise<unknown>;
  readonly close: () => void;
}

/** Connects to a node. Errors: INVALID_INPUT for what is no http(s) URL, CHAIN when it does not answer. */
export async function connectNode(url: string): Promise<ChainNode> {
  const { provider, chainId } = await openProvider(url);
  return {
    chainId,
    ask: (method, params) =>
      provider.send(method, [...params]).catch((cause: unknown) => {
        throw refused(method, cause);
      }),
    close: () => provider.destroy(),
  };
}

/** A provider that knows its chain. Errors as above. */
export async function openProvider(
  url: string,
): Promise<{ readonly provider: JsonRpcProvider; readonly chainId: number }> {
  if (!/^https?:\/\/\S+$/.test(url)) {
    throw new SolvencyError('INVALID_INPUT', 'The URL of a node must begin with http:// or https://.');
  }
  const chainId = await chainIdAt(url);
  // told its network, the provider does not retry for ever behind a node that has gone
  const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
  return { provider, chainId };
}

async function chainIdAt(url: string): Promise<number> {
  const probe = new JsonRpcProvider(url, undefined, { batchMaxCount: 1 });
  try {
    return Number((await probe._detectNetwork()).chainId);
  } catch (cause) {
    throw refused('eth_chainId', cause);
  } finally {
    probe.destroy();
  }
}

const proofNodes = z.array(hexBytes(1, 2048));
const proofAnswer = z.object({
  accountProof: proofNodes,
  storageProof: z.array(z.object({ value: z.string().regex(/^0x[0-9a-fA-F]*$/), proof: proofNodes })),
  balance: z.string().regex(/^0x[0-9a-fA-F]*$/),
});

/** eth_getProof at a block; storage proofs in the order of the keys. CHAIN when the answer has another form. */
export async function askProof(
  node: ChainNode,
  address: string,
  keys: readonly string[],
  block: number,
): Promise<z.infer<typeof proofAnswer>> {
  const answer = proofAnswer.safeParse(await node.ask('eth_getProof', [address, keys, quantity(block)]));
  if (answer.success && answer.data.storageProof.length === keys.length) return answer.data;
  throw new SolvencyError('CHAIN', 'The node answered eth_getProof in a form that is not that of EIP-1186.', {
    details: { method: 'eth_getProof', address },
  });
}

/** A number as JSON-RPC wants it. */
export const quantity = (value: number): string => `0x${value.toString(16)}`;

/** The URL stays out of messages: it often holds a key. */
function refused(method: string, cause: unknown): SolvencyError {
  const unreachable = !isError(cause, 'UNKNOWN_ERROR') && !isError(cause, 'CALL_EXCEPTION');
  const why = unreachable
    ? 'cannot be reached'
    : `refused ${method}: does it serve proofs, and the state of that block`;
  return new SolvencyError('CHAIN', `The node ${why}${unreachable ? `, asked for ${method}.` : '?'}`, {
    details: { method },
    cause,
  });
}
