import type { Holdings } from '../account/account.js';
import { CIRCUITS, type CircuitInstance } from '../setup/circuits.js';
import { accountsPerBatch } from './batchInput.js';
import type { BatchShape } from './batchTranscripts.js';

/** A circuit of LiabilitiesBatch: accounts of up to so many balances and positions, so many a batch. */
export interface BatchClass {
  readonly circuit: CircuitInstance;
  readonly shape: BatchShape;
  readonly accounts: number;
}

/** The shape of an instance of LiabilitiesBatch, from its parameters in order. */
export function shapeOf({ parameters }: Pick<CircuitInstance, 'parameters'>): BatchShape {
  const [balances, positions, height, run, assets, steps, instruments, tiers, settles] = parameters as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { balances, positions, height, run, assets, steps, instruments, tiers, settles };
}

const classOf = (circuit: CircuitInstance): BatchClass => {
  const shape = shapeOf(circuit);
  return { circuit, shape, accounts: accountsPerBatch(shape) };
};

/** How many accounts a batch takes: small ones prove in seconds, large ones fill a domain of 2^19. */
export const BATCH_SIZES = ['small', 'large'] as const;
export type BatchSize = (typeof BATCH_SIZES)[number];

/** The classes of accounts at one batch size, smaller accounts first. */
export function batchClasses(size: BatchSize): readonly BatchClass[] {
  const all = CIRCUITS.filter(({ signalKind }) => signalKind === 'liabilitiesBatch').map(classOf);
  const key = ({ shape }: BatchClass): string => `${shape.balances} ${shape.positions}`;
  return [...new Set(all.map(key))].map((kind) => {
    const sizes = all.filter((candidate) => key(candidate) === kind).sort((a, b) => a.accounts - b.accounts);
    return sizes.at(size === 'small' ? 0 : -1) as BatchClass;
  });
}

/** Whether a class has the slots for an account. */
export const holds = ({ shape }: BatchClass, { collateral, positions }: Holdings): boolean =>
  collateral.length <= shape.balances && positions.length <= shape.positions;
