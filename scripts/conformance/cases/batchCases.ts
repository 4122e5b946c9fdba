import type { ProofPoints } from '../../../src/proof/marginProof.js';
import { FIELD_ORDER } from '../../../src/protocol/constants.js';
import { BASE_FIELD_ORDER } from '../../../src/setup/bn254Field.js';
import { copyOf, type Draft, draftOf, seal } from '../draft.js';
import { outsideSubgroup } from '../points.js';
import { type BundleSpec, editJson, editProof, forgery, proofOf, type Workshop } from '../workshop.js';

/** The chain of batches and their proofs. */
export async function batchCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const { chains, openings, reserves } = workshop;
  const swap = <Item>(list: Item[], a: number, b: number): void => {
    const kept = list[a] as Item;
    list[a] = list[b] as Item;
    list[b] = kept;
  };
  const pointsOf = (batch: number) => chains.honest.batches[batch]?.proof.proof as ProofPoints;
  const move = (draft: Draft, batch: number, firstIndex: number): void => {
    const moved = draft.attestation.batches[batch];
    if (moved !== undefined) moved.firstIndex = firstIndex;
    editProof(draft, proofOf(draft, batch), ({ publicSignals }) => {
      publicSignals[4] = BigInt(firstIndex);
    });
  };
  const points = (name: string, title: string, change: (proof: ProofPoints) => ProofPoints): Promise<BundleSpec> =>
    forgery(workshop, [name, 'BATCH_PROOF', title], (draft) =>
      editProof(draft, proofOf(draft, 1), (proof) => {
        proof.proof = change(proof.proof);
      }),
    );
  const negative = await draftOf(chains.negativeStart, openings.negativeStart, reserves.evidence);
  return Promise.all([
    forgery(workshop, ['batch-left-out-first', 'BATCH_CHAIN', 'The first accounts are left out'], ({ attestation }) => {
      attestation.batches = attestation.batches.slice(1);
    }),
    forgery(workshop, ['batch-left-out', 'BATCH_CHAIN', 'Accounts in the middle are left out'], ({ attestation }) => {
      attestation.batches = attestation.batches.filter((_, batch) => batch !== 1);
    }),
    forgery(
      workshop,
      ['batch-left-out-last', 'CLOSING_SIGNALS', 'The last accounts are left out'],
      ({ attestation }) => {
        attestation.batches = attestation.batches.slice(0, -1);
      },
    ),
    forgery(workshop, ['batch-twice', 'BATCH_ORDER', 'The venue’s own accounts count twice'], ({ attestation }) => {
      attestation.batches = [...attestation.batches, ...attestation.batches.slice(-1)];
    }),
    forgery(workshop, ['batches-reordered', 'BATCH_ORDER', 'Two batches change places'], ({ attestation }) =>
      swap(attestation.batches, 0, 1),
    ),
    forgery(
      workshop,
      ['batch-proofs-swapped', 'BATCH_CHAIN', 'Two batches have each other’s proof'],
      ({ attestation: { batches } }) => {
        const [first, second] = batches;
        if (first !== undefined && second !== undefined) [first.proof, second.proof] = [second.proof, first.proof];
      },
    ),
    forgery(
      workshop,
      ['batch-proof-of-another-batch', 'BATCH_PROOF', 'The proof of the batch before, with the signals of this one'],
      (draft) =>
        editProof(draft, proofOf(draft, 1), (proof) => {
          proof.proof = pointsOf(0);
        }),
    ),
    forgery(workshop, ['batch-of-another-statement', 'BATCH_CHAIN', 'A batch of a chain with other claims'], (draft) =>
      editProof(draft, proofOf(draft, 1), (proof) => {
        proof.publicSignals = [...(chains.falseTotals.batches[1]?.proof.publicSignals ?? [])];
        proof.proof = chains.falseTotals.batches[1]?.proof.proof as ProofPoints;
      }),
    ),
    forgery(
      workshop,
      ['batch-proof-of-another-statement', 'BATCH_PROOF', 'The same proof, with the signals of this chain'],
      (draft) =>
        editProof(draft, proofOf(draft, 1), (proof) => {
          proof.proof = chains.falseTotals.batches[1]?.proof.proof as ProofPoints;
        }),
    ),
    forgery(workshop, ['batch-moved', 'BATCH_PROOF', 'A batch is said to be about other places'], (draft) =>
      move(draft, 3, 20),
    ),
    forgery(
      workshop,
      ['batch-moved-in-the-manifest', 'BATCH_PLACE', 'The same, with the signals of its proof left as they are'],
      ({ attestation }) => {
        const last = attestation.batches[3];
        if (last !== undefined) last.firstIndex = 20;
      },
    ),
    forgery(
      workshop,
      ['batch-misaligned', 'BATCH_ALIGNMENT', 'A batch begins in the middle of a run of places'],
      (draft) => move(draft, 3, 18),
    ),
    forgery(
      workshop,
      ['batch-outside-the-tree', 'BATCH_ALIGNMENT', 'A batch behind the last place of the tree'],
      (draft) => move(draft, 3, 2 ** 27),
    ),
    forgery(
      workshop,
      [
        'venue-boundary-inside-a-batch',
        'VENUE_BOUNDARY',
        'The venue’s own accounts begin among customers, in the middle of a batch',
      ],
      ({ attestation }) => {
        attestation.venueStart = 6;
      },
    ),
    forgery(
      workshop,
      ['state-changed', 'BATCH_CHAIN', 'The manifest names another state than the proof reaches'],
      ({ attestation }) => {
        const second = attestation.batches[1];
        if (second !== undefined) second.stateAfter += 1n;
      },
    ),
    forgery(
      workshop,
      ['state-changed-in-signals', 'BATCH_PROOF', 'Another state between two batches, in the signals of both'],
      (draft) => {
        const second = draft.attestation.batches[1];
        if (second !== undefined) second.stateAfter += 1n;
        for (const [batch, signal] of [
          [1, 1],
          [2, 0],
        ] as const) {
          editProof(draft, proofOf(draft, batch), ({ publicSignals }) => {
            publicSignals[signal] = (publicSignals[signal] as bigint) + 1n;
          });
        }
      },
    ),
    forgery(
      workshop,
      ['statement-changed', 'BATCH_CHAIN', 'The manifest names another statement than the proofs'],
      ({ attestation }) => {
        attestation.statement += 1n;
      },
    ),
    forgery(workshop, ['statement-of-one-batch', 'STATEMENT', 'One batch names another statement'], (draft) =>
      editProof(draft, proofOf(draft, 1), ({ publicSignals }) => {
        publicSignals[2] = chains.falseTotals.statement;
      }),
    ),
    forgery(workshop, ['signal-changed', 'BATCH_TABLE', 'A signal plus one'], (draft) =>
      editProof(draft, proofOf(draft, 1), ({ publicSignals }) => {
        publicSignals[3] = (publicSignals[3] as bigint) + 1n;
      }),
    ),
    forgery(
      workshop,
      ['signal-above-r', 'BATCH_FILE', 'A signal plus the field order: libraries reduce it silently'],
      ({ attestation, files }) =>
        editJson(files, attestation.batches[1]?.proof.path as string, (json) => {
          json.publicSignals[4] = (BigInt(json.publicSignals[4]) + FIELD_ORDER).toString();
        }),
    ),
    forgery(
      workshop,
      ['signal-negative', 'BATCH_FILE', 'A signal below zero: libraries reduce it silently'],
      ({ attestation, files }) =>
        editJson(files, attestation.batches[1]?.proof.path as string, (json) => {
          json.publicSignals[4] = (BigInt(json.publicSignals[4]) - FIELD_ORDER).toString();
        }),
    ),
    forgery(workshop, ['signal-too-many', 'BATCH_SIGNALS', 'A signal more than the circuit has'], (draft) =>
      editProof(draft, proofOf(draft, 1), (proof) => {
        proof.publicSignals = [...proof.publicSignals, 0n];
      }),
    ),
    forgery(workshop, ['signal-left-out', 'BATCH_SIGNALS', 'A signal less than the circuit has'], (draft) =>
      editProof(draft, proofOf(draft, 1), (proof) => {
        proof.publicSignals = proof.publicSignals.slice(0, -1);
      }),
    ),
    points('proof-point-off-curve', 'A is not on the curve', ({ a: [x, y], ...rest }) => ({ ...rest, a: [x, y + 1n] })),
    points('proof-point-at-infinity', 'A and C are zero', (proof) => ({ ...proof, a: [0n, 0n], c: [0n, 0n] })),
    points('proof-negated', 'A has the other sign', ({ a: [x, y], ...rest }) => ({
      ...rest,
      a: [x, BASE_FIELD_ORDER - y],
    })),
    points('proof-part-of-another', 'C of the proof of another batch', (proof) => ({ ...proof, c: pointsOf(0).c })),
    points(
      'proof-outside-the-subgroup',
      'B plus a point of order 10,069: a pairing without a check of the subgroup may take it',
      outsideSubgroup,
    ),
    forgery(
      workshop,
      ['proof-coordinate-above-q', 'BATCH_FILE', 'A coordinate plus the order of the base field'],
      ({ attestation, files }) =>
        editJson(files, attestation.batches[1]?.proof.path as string, (json) => {
          json.proof.a[0] = (BigInt(json.proof.a[0]) + BASE_FIELD_ORDER).toString();
        }),
    ),
    (async (): Promise<BundleSpec> => ({
      kind: 'bundle',
      name: 'chain-begins-with-a-negative-total',
      title: 'All proofs are valid, and the chain begins at a state in which customers are owed less than nothing',
      base: 'opened',
      forger: 'venue',
      reason: 'BATCH_CHAIN',
      bundle: await seal(copyOf(negative)),
    }))(),
    (async (): Promise<BundleSpec> => ({
      kind: 'bundle',
      name: 'open-interest-unbalanced',
      title: 'All proofs are valid, and customers’ positions have no counterparty in the book',
      base: 'opened',
      forger: 'venue',
      reason: 'OPEN_INTEREST',
      bundle: await seal(await draftOf(chains.unbalanced, openings.unbalanced, reserves.evidence)),
    }))(),
  ]);
}
