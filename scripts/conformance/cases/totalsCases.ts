import { CLOSING_PROOF_PATH } from '../../../src/attestation/bookProofs.js';
import { parseTotals, serializeTotals } from '../../../src/formats/totals.js';
import { taggedHash } from '../../../src/hash/taggedHash.js';
import {
  type BookTotals,
  compressSide,
  totalsColumns,
  totalsHash,
  weightsAt,
} from '../../../src/liabilities/bookTotals.js';
import { sideElements } from '../../../src/liabilities/chainState.js';
import { formatAmount } from '../../../src/numbers/decimal.js';
import { FIELD_ORDER, TAGS, VALUE_DECIMALS } from '../../../src/protocol/constants.js';
import { TOTALS_SALT, TOTALS_SHAPE } from '../book.js';
import { type Draft, draftOf, type Mutable, seal, TOTALS_PATH } from '../draft.js';
import { registry } from '../market.js';
import { type BundleSpec, editJson, editProof, forgery, type Workshop } from '../workshop.js';

const THOUSAND = 1_000n * 10n ** 16n;

/** Writes other totals into the bundle. */
function put({ files }: Draft, change: (totals: Mutable<BookTotals>) => void, salt = TOTALS_SALT): BookTotals {
  const { totals } = parseTotals(files.get(TOTALS_PATH) as string, TOTALS_PATH, registry);
  change(totals as Mutable<BookTotals>);
  files.set(TOTALS_PATH, serializeTotals({ salt, shape: TOTALS_SHAPE, totals }, registry));
  return totals;
}

/** And the signals that would belong to them into the closing proof. */
function putInSignals(draft: Draft, change: (totals: Mutable<BookTotals>) => void): void {
  const totals = put(draft, change);
  const weight = weightsAt(taggedHash(TAGS.totalsChallenge, [draft.attestation.statement]));
  editProof(draft, CLOSING_PROOF_PATH, (proof) => {
    proof.publicSignals = [
      ...proof.publicSignals.slice(0, 4),
      totalsHash(totalsColumns(totals, TOTALS_SHAPE), TOTALS_SALT),
      totals.largestDebtor,
      ...proof.publicSignals.slice(6, 7),
      ...sideElements(compressSide(totals.customers, weight)),
      ...sideElements(compressSide(totals.venue, weight)),
    ];
  });
}

const asset = (totals: Mutable<BookTotals>, id: number, side: 'customers' | 'venue' = 'customers') =>
  totals[side].assets.get(id) as { positive: bigint; goodNegative: bigint; otherNegative: bigint };

/** The house's debt in quote units set against what customers are owed. */
export const setAgainstCustomers = (totals: BookTotals): BookTotals => {
  const copy = structuredClone(totals) as Mutable<BookTotals>;
  const house = asset(copy, 1, 'venue');
  asset(copy, 1).positive -= house.goodNegative;
  copy.customers.owed -= house.goodNegative;
  house.goodNegative = 0n;
  return copy;
};

/** The totals of an opened claim and its closing proof. */
export async function totalsCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const { chains, openings, reserves } = workshop;
  const swapAssets = (totals: Mutable<BookTotals>): void => {
    const [first, second] = [asset(totals, 2), asset(totals, 3)];
    totals.customers.assets.set(2, second).set(3, first);
  };
  return Promise.all([
    forgery(workshop, ['totals-less', 'TOTALS_HASH', 'Customers are owed a thousand less'], (draft) => {
      put(draft, (totals) => {
        asset(totals, 1).positive -= THOUSAND;
      });
    }),
    forgery(
      workshop,
      ['totals-less-in-signals', 'CLOSING_PROOF', 'The same, with all signals of the closing proof to match'],
      (draft) =>
        putInSignals(draft, (totals) => {
          asset(totals, 1).positive -= THOUSAND;
          totals.customers.owed -= THOUSAND;
        }),
    ),
    forgery(workshop, ['totals-swapped', 'TOTALS_HASH', 'Two assets have each other’s totals'], (draft) => {
      put(draft, swapAssets);
    }),
    forgery(
      workshop,
      ['totals-swapped-in-signals', 'CLOSING_PROOF', 'The same, with all signals of the closing proof to match'],
      (draft) => putInSignals(draft, swapAssets),
    ),
    forgery(workshop, ['totals-other-salt', 'TOTALS_HASH', 'The totals with another salt'], (draft) => {
      put(draft, () => undefined, TOTALS_SALT + 1n);
    }),
    forgery(
      workshop,
      ['totals-asset-left-out', 'TOTALS_HASH', 'An asset that customers are owed is left out'],
      (draft) => {
        put(draft, (totals) => {
          totals.customers.assets.delete(3);
        });
      },
    ),
    forgery(
      workshop,
      [
        'totals-debts-plus-r',
        'TOTALS_RANGE',
        'Loans plus the field order: every hash and every sum stays the same, and reserves would cover anything',
      ],
      (draft) => {
        put(draft, (totals) => {
          asset(totals, 1).goodNegative += FIELD_ORDER;
        });
      },
    ),
    forgery(
      workshop,
      ['totals-size-minus-r', 'TOTALS_RANGE', 'A size less the field order: below zero, and the same modulo r'],
      (draft) => {
        put(draft, (totals) => {
          const sums = totals.venue.instruments.get(100) as { long: bigint };
          sums.long -= FIELD_ORDER;
        });
      },
    ),
    forgery(workshop, ['totals-debtor-plus-r', 'TOTALS_RANGE', 'The largest debtor plus the field order'], (draft) => {
      put(draft, (totals) => {
        totals.largestDebtor += FIELD_ORDER;
      });
    }),
    forgery(
      workshop,
      ['totals-negative', 'TOTALS_INVALID', 'What is owed, less the field order: below zero, and the same modulo r'],
      ({ files }) =>
        editJson(files, TOTALS_PATH, (json) => {
          const [row] = json.customers.assets;
          row.positive = formatAmount(
            BigInt(row.positive) * 10n ** BigInt(VALUE_DECIMALS) - FIELD_ORDER,
            VALUE_DECIMALS,
          );
        }),
    ),
    forgery(workshop, ['totals-id-twice', 'TOTALS_INVALID', 'An asset in two rows'], ({ files }) =>
      editJson(files, TOTALS_PATH, (json) => {
        json.customers.assets = [json.customers.assets[0], ...json.customers.assets];
      }),
    ),
    forgery(workshop, ['totals-in-disorder', 'TOTALS_INVALID', 'Rows that are not sorted by id'], ({ files }) =>
      editJson(files, TOTALS_PATH, (json) => {
        json.customers.assets.reverse();
      }),
    ),
    forgery(
      workshop,
      ['totals-id-unknown', 'TOTALS_INVALID', 'An asset that the registry does not have'],
      ({ files }) =>
        editJson(files, TOTALS_PATH, (json) => {
          json.customers.assets[2].id = 9;
        }),
    ),
    forgery(
      workshop,
      ['totals-id-without-parameters', 'TOTALS_INVALID', 'An asset of the registry that the snapshot has no price of'],
      (draft) => {
        put(draft, (totals) => {
          totals.customers.assets.set(5, { positive: 0n, goodNegative: 0n, otherNegative: 0n });
        });
      },
    ),
    forgery(
      workshop,
      ['totals-id-of-another-symbol', 'TOTALS_INVALID', 'A row with the id of one asset and the symbol of another'],
      ({ files }) =>
        editJson(files, TOTALS_PATH, (json) => {
          json.customers.assets[2].asset = 'BTC';
        }),
    ),
    forgery(
      workshop,
      ['totals-more-than-their-rows', 'TOTALS_INVALID', 'More assets than the totals say that they have rows'],
      ({ files }) =>
        editJson(files, TOTALS_PATH, (json) => {
          json.rows.assets = 2;
        }),
    ),
    forgery(workshop, ['totals-fewer-rows', 'TOTALS_HASH', 'Fewer rows of padding than were hashed'], ({ files }) =>
      editJson(files, TOTALS_PATH, (json) => {
        json.rows.assets = 15;
      }),
    ),
    forgery(
      workshop,
      [
        'deficits-set-against-others',
        'TOTALS_SUM',
        'The deficits of two accounts are taken off what all others are owed',
      ],
      (draft) => {
        put(draft, ({ customers }) => {
          customers.owed -= customers.deficits;
        });
      },
    ),
    forgery(workshop, ['standing-more', 'TOTALS_SUM', 'More accounts with standing than there are'], (draft) => {
      put(draft, ({ customers }) => {
        customers.standing += 1n;
      });
    }),
    forgery(
      workshop,
      ['accounts-less', 'ACCOUNTS', 'The manifest says fewer accounts than the totals'],
      ({ attestation }) => {
        attestation.accounts -= 1;
      },
    ),
    forgery(
      workshop,
      ['accounts-less-in-totals', 'TOTALS_SUM', 'Manifest and totals say fewer accounts than were proven'],
      (draft) => {
        draft.attestation.accounts -= 1;
        put(draft, ({ customers }) => {
          customers.accounts -= 1n;
        });
      },
    ),
    forgery(
      workshop,
      ['largest-debtor-less', 'TOTALS_DEBTOR', 'The largest debtor owes less than was claimed'],
      (draft) => {
        put(draft, (totals) => {
          totals.largestDebtor -= THOUSAND;
        });
      },
    ),
    forgery(
      workshop,
      [
        'insiders-set-against-customers',
        'CLOSING_PROOF',
        'The house’s debt is set against what customers are owed, with all signals to match',
      ],
      (draft) =>
        putInSignals(draft, (totals) => {
          const other = setAgainstCustomers(totals as BookTotals) as Mutable<BookTotals>;
          totals.customers = other.customers;
          totals.venue = other.venue;
        }),
    ),
    forgery(
      workshop,
      ['venue-start-later', 'CLOSING_SIGNALS', 'The house’s accounts are said to be customers’'],
      ({ attestation }) => {
        attestation.venueStart = 24;
      },
    ),
    forgery(
      workshop,
      ['closing-of-another-book', 'CLOSING_SIGNALS', 'The closing proof of a chain with other claims'],
      (draft) =>
        editProof(draft, CLOSING_PROOF_PATH, (proof) => {
          proof.publicSignals = [...openings.falseTotals.publicSignals];
          proof.proof = openings.falseTotals.proof;
        }),
    ),
    forgery(
      workshop,
      ['closing-proof-of-another-book', 'CLOSING_PROOF', 'The same proof, with the signals of this chain'],
      (draft) =>
        editProof(draft, CLOSING_PROOF_PATH, (proof) => {
          proof.proof = openings.falseTotals.proof;
        }),
    ),
    forgery(
      workshop,
      ['closing-signal-above-r', 'CLOSING_FILE', 'A signal of the closing proof plus the field order'],
      ({ files }) =>
        editJson(files, CLOSING_PROOF_PATH, (json) => {
          json.publicSignals[9] = (BigInt(json.publicSignals[9]) + FIELD_ORDER).toString();
        }),
    ),
    forgery(
      workshop,
      ['closing-signals-too-few', 'CLOSING_SIGNALS', 'The closing proof has a signal less than its circuit'],
      (draft) =>
        editProof(draft, CLOSING_PROOF_PATH, (proof) => {
          proof.publicSignals = proof.publicSignals.slice(0, -1);
        }),
    ),
    (async (): Promise<BundleSpec> => ({
      kind: 'bundle',
      name: 'totals-false-before-the-proof',
      title:
        'The house’s debt was set against customers before anything was proven: all proofs are valid, and the totals are not the sums',
      base: 'opened',
      forger: 'venue',
      reason: 'TOTALS_SUM',
      bundle: await seal(await draftOf(chains.falseTotals, openings.falseTotals, reserves.evidence)),
    }))(),
  ]);
}
