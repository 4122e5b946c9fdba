import { parseReserveEvidence, serializeReserveEvidence } from '../../../src/formats/reserveEvidence.js';
import type { ChainEvidence, ReserveEvidence } from '../../../src/reserves/evidence.js';
import { type Draft, EVIDENCE_PATH, type Mutable, seal } from '../draft.js';
import { CHAIN_ID, STRANGER } from '../reserves.js';
import { type BundleSpec, forgery, type Workshop } from '../workshop.js';

const ANOTHER_BLOCK = `0x${'ab'.repeat(32)}`;

/** Evidence of reserves, and the blocks that it is checked against. */
export async function reserveCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const { reserves, bases } = workshop;
  const put = ({ files }: Draft, evidence: ReserveEvidence): void =>
    void files.set(EVIDENCE_PATH, serializeReserveEvidence(evidence));
  const edit = (
    draft: Draft,
    change: (chain: Mutable<ChainEvidence>, evidence: Mutable<ReserveEvidence>) => void,
  ): void => {
    const evidence = parseReserveEvidence(
      draft.files.get(EVIDENCE_PATH) as string,
      EVIDENCE_PATH,
    ) as Mutable<ReserveEvidence>;
    change(evidence.chains[0] as Mutable<ChainEvidence>, evidence);
    put(draft, evidence);
  };
  type Address = Mutable<ChainEvidence>['addresses'][number];
  const first = ({ addresses }: Mutable<ChainEvidence>): Address => addresses[0] as Address;
  const usdToken = reserves.policy.tokens.find(({ asset }) => asset === 'USD')?.token as string;
  const usdOf = (address: Address | undefined) =>
    address?.balances.find(({ token }) => token === usdToken) as Address['balances'][number];
  const facts = async (
    name: string,
    title: string,
    blockHashes: Readonly<Record<string, string>>,
  ): Promise<BundleSpec> => ({
    kind: 'bundle',
    name,
    title,
    base: 'opened',
    forger: 'venue',
    reason: 'RESERVES_BLOCK',
    blockHashes,
    bundle: await seal(bases.opened),
  });
  return Promise.all([
    facts('block-of-another-hash', 'The verifier knows another block than the evidence is of', {
      [CHAIN_ID]: ANOTHER_BLOCK,
    }),
    facts('block-not-named', 'The verifier named no block of the chain', {}),
    forgery(
      workshop,
      ['block-later', 'RESERVES_BLOCK', 'Evidence of a later block, after a loan of coins came in'],
      (draft) => put(draft, reserves.later),
    ),
    forgery(
      workshop,
      ['block-with-another-state', 'RESERVES_BLOCK', 'A header with a byte of the state root changed'],
      (draft) =>
        edit(draft, (chain) => {
          const at = 220;
          const digit = chain.header[at] === '0' ? '1' : '0';
          chain.header = `${chain.header.slice(0, at)}${digit}${chain.header.slice(at + 1)}`;
        }),
    ),
    forgery(
      workshop,
      ['evidence-malformed', 'RESERVES_INVALID', 'Evidence that lacks a field'],
      ({ files }) => void files.set(EVIDENCE_PATH, '{ "format": "zk-solvency/reserve-evidence", "version": 1 }'),
    ),
    forgery(
      workshop,
      ['evidence-absent', 'NOT_COVERED', 'No evidence at all: the totals are true, and nothing covers them'],
      (draft) => put(draft, { chains: [] }),
    ),
    forgery(
      workshop,
      ['evidence-absent-of-a-covered-claim', 'RESERVES_EXCEEDED', 'No evidence at all for a covered claim'],
      (draft) => put(draft, { chains: [] }),
      'covered',
    ),
    forgery(
      workshop,
      [
        'evidence-of-a-contract-wallet-alone',
        'NOT_COVERED',
        'Only a wallet whose ownership was checked online, which counts apart',
      ],
      (draft) =>
        edit(draft, (chain) => {
          chain.addresses = chain.addresses.filter(({ ownership }) => ownership.kind === 'eip1271');
        }),
    ),
    forgery(workshop, ['address-twice', 'RESERVES_DUPLICATE', 'An address occurs twice'], (draft) =>
      edit(draft, (chain) => {
        chain.addresses = [...chain.addresses, first(chain)];
      }),
    ),
    forgery(workshop, ['token-twice', 'RESERVES_DUPLICATE', 'A token of an address occurs twice'], (draft) =>
      edit(draft, (chain) => {
        first(chain).balances = [...first(chain).balances, usdOf(first(chain))];
      }),
    ),
    forgery(workshop, ['chain-twice', 'RESERVES_DUPLICATE', 'A chain occurs twice'], (draft) =>
      edit(draft, (chain, evidence) => {
        evidence.chains = [...evidence.chains, chain];
      }),
    ),
    forgery(workshop, ['token-of-the-venue', 'RESERVES_TOKEN', 'A token that the policy does not count'], (draft) =>
      edit(draft, (chain) => {
        usdOf(first(chain)).token = STRANGER.address;
      }),
    ),
    forgery(workshop, ['slot-of-the-venue', 'RESERVES_SLOT', 'A storage slot of the venue’s choice'], (draft) =>
      edit(draft, (chain) => {
        usdOf(first(chain)).slot = `0x${'00'.repeat(31)}05`;
      }),
    ),
    forgery(workshop, ['slot-left-out', 'RESERVES_SLOT', 'A token without a slot'], (draft) =>
      edit(draft, (chain) => {
        usdOf(first(chain)).slot = null;
      }),
    ),
    forgery(
      workshop,
      ['owner-of-another-attestation', 'RESERVES_PROOF', 'The owners signed for another account root'],
      (draft) => put(draft, reserves.ofAnother),
    ),
    forgery(
      workshop,
      ['owner-of-another-address', 'RESERVES_PROOF', 'The signature of an owner beside the address of somebody else'],
      (draft) =>
        edit(draft, (chain) => {
          first(chain).address = STRANGER.address;
        }),
    ),
    forgery(
      workshop,
      ['owner-signatures-swapped', 'RESERVES_PROOF', 'Two owners have each other’s signature'],
      (draft) =>
        edit(draft, ({ addresses: [one, two] }) => {
          if (one !== undefined && two !== undefined) [one.ownership, two.ownership] = [two.ownership, one.ownership];
        }),
    ),
    forgery(
      workshop,
      ['balance-of-another-holder', 'RESERVES_PROOF', 'The state proof of the richer holder'],
      (draft) =>
        edit(draft, ({ addresses: [one, two] }) => {
          usdOf(two).proof = usdOf(one).proof;
        }),
    ),
    forgery(workshop, ['balance-proof-cut-off', 'RESERVES_PROOF', 'A state proof without its last node'], (draft) =>
      edit(draft, (chain) => {
        usdOf(first(chain)).proof = usdOf(first(chain)).proof.slice(0, -1);
      }),
    ),
    forgery(
      workshop,
      ['balance-proof-altered', 'RESERVES_PROOF', 'The leaf of a state proof with another balance'],
      (draft) =>
        edit(draft, (chain) => {
          const { proof } = usdOf(first(chain));
          const leaf = proof.at(-1) as string;
          usdOf(first(chain)).proof = [...proof.slice(0, -1), `${leaf.slice(0, -1)}${leaf.endsWith('f') ? 'e' : 'f'}`];
        }),
    ),
    forgery(
      workshop,
      ['contract-proof-left-out', 'RESERVES_PROOF', 'Balances of a token without the account of its contract'],
      (draft) =>
        edit(draft, (chain) => {
          chain.contracts = chain.contracts.filter(({ token }) => token !== usdToken);
        }),
    ),
  ]);
}
