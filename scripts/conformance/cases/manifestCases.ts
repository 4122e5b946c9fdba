import { N } from 'ethers';
import { MANIFEST_PATH } from '../../../src/attestation/attestation.js';
import { FIELD_ORDER } from '../../../src/protocol/constants.js';
import { seal } from '../draft.js';
import { STRANGER } from '../reserves.js';
import { type BundleSpec, editManifest, forgery, tampering, type Workshop } from '../workshop.js';

/** The files, the manifest, its signature and its claim. */
export async function manifestCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const covered = await seal(workshop.bases.covered);
  const signatureOf = (files: ReadonlyMap<string, string>): string =>
    JSON.parse(files.get(MANIFEST_PATH) as string).signature;
  const loans = workshop.bases['covered-with-loans'].attestation.loans;
  return Promise.all([
    tampering(workshop, ['file-missing', 'FILE_MISSING', 'A proof is not there'], (files) => {
      files.delete('proofs/batch-000001.json');
    }),
    tampering(workshop, ['file-altered', 'FILE_ALTERED', 'A space more at the end of the snapshot'], (files) => {
      files.set('snapshot.json', `${files.get('snapshot.json')} `);
    }),
    tampering(
      workshop,
      ['totals-altered', 'FILE_ALTERED', 'A digit of the totals is changed by somebody else than the venue'],
      (files) => {
        files.set('totals.json', (files.get('totals.json') as string).replace('"owed": "245350"', '"owed": "245351"'));
      },
    ),
    tampering(workshop, ['manifest-missing', 'MANIFEST_INVALID', 'There is no manifest'], (files) => {
      files.delete(MANIFEST_PATH);
    }),
    tampering(workshop, ['manifest-cut-off', 'MANIFEST_INVALID', 'The manifest ends in the middle'], (files) => {
      files.set(MANIFEST_PATH, (files.get(MANIFEST_PATH) as string).slice(0, 900));
    }),
    tampering(
      workshop,
      ['manifest-unknown-field', 'MANIFEST_INVALID', 'A field that this version does not have'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.audited = true;
        });
      },
    ),
    tampering(
      workshop,
      ['manifest-field-twice', 'MANIFEST_INVALID', 'The number of accounts is given twice: two readers could see two'],
      (files) => {
        files.set(
          MANIFEST_PATH,
          (files.get(MANIFEST_PATH) as string).replace('"accounts": 8', '"accounts": 8, "accounts": 7'),
        );
      },
    ),
    tampering(
      workshop,
      ['manifest-newer-version', 'MANIFEST_INVALID', 'A version that does not exist yet'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.version = 2;
        });
      },
    ),
    tampering(
      workshop,
      [
        'manifest-root-above-r',
        'MANIFEST_INVALID',
        'The account root plus the field order: the same element in a second form',
      ],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.accountRoot = (BigInt(manifest.accountRoot) + FIELD_ORDER).toString();
        });
      },
    ),
    tampering(
      workshop,
      ['manifest-path-outside', 'MANIFEST_INVALID', 'A path that leads out of the bundle'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.totals.path = '../totals.json';
        });
      },
    ),
    tampering(
      workshop,
      ['manifest-after-signing', 'SIGNATURE', 'One account less, with the signature over the old number'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.accounts = 7;
        });
      },
    ),
    tampering(
      workshop,
      ['signature-of-another-claim', 'SIGNATURE', 'The venue’s signature over another attestation of the same book'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.signature = signatureOf(covered);
        });
      },
    ),
    tampering(workshop, ['signature-high-s', 'SIGNATURE', 'The other form of the signature, with n - s'], (files) => {
      editManifest(files, (manifest) => {
        const s = N - BigInt(`0x${manifest.signature.slice(66, 130)}`);
        const v = manifest.signature.endsWith('1b') ? '1c' : '1b';
        manifest.signature = `${manifest.signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`;
      });
    }),
    tampering(
      workshop,
      ['signature-with-another-v', 'SIGNATURE', 'The signature with a v of 0 or 1, as some signers write it'],
      (files) => {
        editManifest(files, (manifest) => {
          manifest.signature = `${manifest.signature.slice(0, 130)}${manifest.signature.endsWith('1b') ? '00' : '01'}`;
        });
      },
    ),
    tampering(workshop, ['signature-of-nobody', 'SIGNATURE', 'r and s are zero'], (files) => {
      editManifest(files, (manifest) => {
        manifest.signature = `0x${'0'.repeat(128)}1b`;
      });
    }),
    (async (): Promise<BundleSpec> => ({
      kind: 'bundle',
      name: 'signature-of-another-key',
      title: 'Signed with a key that is not the venue’s',
      base: 'opened',
      forger: 'anybody',
      reason: 'SIGNATURE',
      bundle: await seal(workshop.bases.opened, STRANGER),
    }))(),
    forgery(workshop, ['venue-other', 'VENUE', 'The attestation of another venue'], ({ attestation }) => {
      attestation.venue = 'other venue';
    }),
    forgery(workshop, ['venue-id-other', 'VENUE', 'The account root commits to another venue'], ({ attestation }) => {
      attestation.accountRootOpening.venueId += 1n;
    }),
    forgery(workshop, ['claim-raised', 'CLAIM', 'An opened attestation is called covered'], ({ attestation }) => {
      attestation.claim = 'covered';
    }),
    forgery(
      workshop,
      ['claim-strict-with-loans-beside', 'CLAIM', 'A strict claim with loans beside it'],
      ({ attestation }) => {
        attestation.loans = loans;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['claim-loans-hidden', 'CLAIM', 'The claim with loans, without saying how much was lent'],
      ({ attestation }) => {
        attestation.loans = null;
      },
      'covered-with-loans',
    ),
    forgery(workshop, ['claim-totals-hidden', 'CLAIM', 'An opened claim without totals'], ({ attestation, files }) => {
      attestation.totals = null;
      files.delete('totals.json');
    }),
  ]);
}
