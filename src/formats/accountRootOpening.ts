import { z } from 'zod';
import type { AccountRootOpening } from '../account/accountRoot.js';
import { fieldElement, seconds } from './fields.js';

/** What an account root commits to, as it stands inside other files. */
export const accountRootOpeningFields = z.strictObject({
  venueId: fieldElement,
  registryHash: fieldElement,
  treeRoot: fieldElement,
  time: seconds,
});

export const openingFromFields = (fields: z.infer<typeof accountRootOpeningFields>): AccountRootOpening => ({
  venueId: BigInt(fields.venueId),
  registryHash: BigInt(fields.registryHash),
  treeRoot: BigInt(fields.treeRoot),
  time: BigInt(fields.time),
});

export const openingToFields = (opening: AccountRootOpening): z.infer<typeof accountRootOpeningFields> => ({
  venueId: opening.venueId.toString(),
  registryHash: opening.registryHash.toString(),
  treeRoot: opening.treeRoot.toString(),
  time: Number(opening.time),
});
