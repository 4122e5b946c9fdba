import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { FAMILY, LIABILITIES_SIGNALS, PUBLIC_SIGNALS } from '../protocol/constants.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** what an instance compiles to, and the hash of the sources that it was compiled from */
const pinned = z.strictObject({ constraints: z.number().int().positive(), sha256, sources: sha256 });

/** Margin circuits are of the family of their model; those of a book are a family of their own. */
const FAMILIES = [...(Object.keys(FAMILY) as (keyof typeof FAMILY)[]), 'liabilities'] as const;
export type CircuitFamily = (typeof FAMILIES)[number];

/** What kinds of public signals there are, each in the order of its circuits. */
const SIGNALS = {
  margin: PUBLIC_SIGNALS,
  liabilitiesStart: LIABILITIES_SIGNALS.start,
  liabilitiesBatch: LIABILITIES_SIGNALS.batch,
  liabilitiesOpening: LIABILITIES_SIGNALS.opening,
  liabilitiesCoverage: LIABILITIES_SIGNALS.coverage,
} as const;
export type SignalKind = keyof typeof SIGNALS;

const circuitsSchema = z.strictObject({
  format: z.literal('zk-solvency/circuits'),
  version: z.literal(1),
  /** constraints that one more of each costs a batch, see bench/liabilities.ts */
  marginal: z.record(z.string(), z.number().int()),
  circuits: z.array(
    z.strictObject({
      name: z.string(),
      family: z.enum(FAMILIES),
      /** relative to circuits/ */
      file: z.string(),
      template: z.string(),
      parameters: z.array(z.number().int().nonnegative()),
      capacity: z.strictObject({
        positions: z.number().int(),
        assets: z.number().int(),
        /** of families that have such slots */
        expiries: z.number().int().default(0),
        underlyings: z.number().int().default(0),
        /** of 45 scenarios: of families with a list of them, which a table has to be hashed in exactly */
        blocks: z.number().int().default(0),
      }),
      publicSignals: z.enum(Object.keys(SIGNALS) as SignalKind[]),
      /** of circuits that prove batches of a book: entries of an account, accounts, rows of the table, constraints an account */
      batch: z
        .strictObject({
          entries: z.number().int(),
          accounts: z.number().int(),
          table: z.strictObject({
            assets: z.number().int(),
            steps: z.number().int(),
            instruments: z.number().int(),
            tiers: z.number().int(),
          }),
          amortised: z.number().int(),
        })
        .optional(),
      /** the most constraints that the instance may have */
      budget: z.number().int().positive(),
      /** what it compiles to: constraint count and hash of the r1cs */
      r1cs: pinned,
    }),
  ),
});

/** Slots of a circuit, or those that an account needs. */
export interface CircuitCapacity {
  readonly positions: number;
  readonly assets: number;
  readonly expiries: number;
  readonly underlyings: number;
  /** of scenarios; not more than an account needs but just as many */
  readonly blocks: number;
}

/** One instance of a circuit template: what is compiled, keyed and proven. */
export interface CircuitInstance {
  readonly name: string;
  readonly family: CircuitFamily;
  readonly file: string;
  readonly template: string;
  readonly parameters: readonly number[];
  readonly capacity: CircuitCapacity;
  readonly signalKind: SignalKind;
  readonly publicSignals: readonly string[];
  /** of circuits that prove batches of a book */
  readonly batch?:
    | {
        /** of an account, balances and positions together */
        readonly entries: number;
        readonly accounts: number;
        /** rows */
        readonly table: {
          readonly assets: number;
          readonly steps: number;
          readonly instruments: number;
          readonly tiers: number;
        };
        /** constraints an account */
        readonly amortised: number;
      }
    | undefined;
  readonly budget: number;
  readonly r1cs: { readonly constraints: number; readonly sha256: string; readonly sources: string };
}

/** All instances, in the order of circuits.json: smaller ones first. */
export const CIRCUITS: readonly CircuitInstance[] = circuitsSchema
  .parse(JSON.parse(readFileSync(new URL('../../circuits.json', import.meta.url), 'utf8')))
  .circuits.map((circuit) => ({
    ...circuit,
    signalKind: circuit.publicSignals,
    publicSignals: SIGNALS[circuit.publicSignals],
  }));

/** The instance of that name; UNKNOWN_CIRCUIT lists the names there are. */
export function circuitByName(name: string): CircuitInstance {
  const circuit = CIRCUITS.find((candidate) => candidate.name === name);
  if (circuit === undefined) {
    const names = CIRCUITS.map((candidate) => candidate.name).join(', ');
    throw new SolvencyError('UNKNOWN_CIRCUIT', `There is no circuit "${name}". Known circuits: ${names}.`, {
      details: { known: names },
    });
  }
  return circuit;
}

const SLOTS = [
  ['positions', 'TOO_MANY_POSITIONS'],
  ['assets', 'TOO_MANY_ASSETS'],
  ['expiries', 'TOO_MANY_EXPIRIES'],
  ['underlyings', 'TOO_MANY_UNDERLYINGS'],
] as const;

/**
 * Throws TOO_MANY_POSITIONS and the like, with what the circuit holds, unless it has the slots; MISMATCH where the snapshot's
 * scenarios are hashed in another number of blocks than the circuit has.
 */
export function requireSlots({ name, capacity }: CircuitInstance, needs: CircuitCapacity): void {
  for (const [slot, code] of SLOTS) {
    if (needs[slot] <= capacity[slot]) continue;
    throw new SolvencyError(code, `No room for this account: the circuit ${name} holds ${capacity[slot]} ${slot}.`, {
      details: { circuit: name, capacity: capacity[slot] },
    });
  }
  if (needs.blocks !== capacity.blocks) {
    throw new SolvencyError(
      'MISMATCH',
      `The snapshot has ${needs.blocks} blocks of scenarios and the circuit ${name} ${capacity.blocks}: take another circuit.`,
      { details: { circuit: name, blocks: capacity.blocks } },
    );
  }
}

/** The fewest blocks of scenarios, at least `needed`, that a circuit of the family has; `needed` where none has as many. */
export function circuitBlocks(family: keyof typeof FAMILY, needed: number): number {
  const enough = CIRCUITS.filter((circuit) => circuit.family === family && circuit.capacity.blocks >= needed);
  return enough.length === 0 ? needed : Math.min(...enough.map(({ capacity }) => capacity.blocks));
}

function noCircuit(family: keyof typeof FAMILY, blocks: number): SolvencyError {
  const known = CIRCUITS.filter((circuit) => circuit.family === family).map(({ capacity }) => capacity.blocks);
  return new SolvencyError(
    'UNKNOWN_CIRCUIT',
    `There is no circuit of the model ${family} for a snapshot of ${blocks} blocks of scenarios. Build it with ${[...new Set(known)].join(' or ')} blocks.`,
    { details: { family, blocks } },
  );
}

/**
 * The circuit of a family to prove an account with: the named one, or the smallest that holds it. When none does, what
 * requireSlots says of the largest.
 */
export function circuitFor(family: keyof typeof FAMILY, needs: CircuitCapacity, name?: string): CircuitInstance {
  if (name !== undefined) return circuitByName(name);
  const circuits = CIRCUITS.filter((circuit) => circuit.family === family && circuit.capacity.blocks === needs.blocks);
  const largest = circuits.at(-1);
  if (largest === undefined) throw noCircuit(family, needs.blocks);
  const circuit = circuits.find(({ capacity }) => SLOTS.every(([slot]) => needs[slot] <= capacity[slot]));
  if (circuit === undefined) requireSlots(largest, needs);
  return circuit ?? largest;
}
