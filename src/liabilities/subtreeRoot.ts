import { TAGS } from '../protocol/constants.js';
import { buildTree } from '../tree/tree.js';

/** Twin of SubtreeRoot: root over 8^height leaves. */
export const subtreeRoot = (height: number, leaves: readonly bigint[]): bigint =>
  buildTree(TAGS.accountNode, height, leaves).root;
