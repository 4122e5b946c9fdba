/** Scenarios of stress: written down by somebody, not taken from a distribution. */
import { SolvencyError } from '../../errors.js';
import type { Scenario } from './scenario.js';

/** As written in a configuration. */
export interface NamedStress {
  readonly name: string;
  /** relative moves by underlying; 0 where there is none */
  readonly moves: Readonly<Record<string, number>>;
  /** absolute changes of volatility by underlying; 0 where there is none */
  readonly volatilityChanges?: Readonly<Record<string, number>>;
}

function requireMove(move: number, where: string): void {
  if (!(move > -1 && Number.isFinite(move))) {
    throw new SolvencyError('INVALID_INPUT', `${where} moves a price to zero or below, or by no finite number`);
  }
}

function requireChange(change: number, where: string): void {
  if (!Number.isFinite(change)) {
    throw new SolvencyError('INVALID_INPUT', `${where} changes a volatility by no finite number`);
  }
}

function forEach(underlyings: readonly string[], given: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const figures = new Map(Object.entries(given));
  return new Map(underlyings.map((underlying) => [underlying, figures.get(underlying) ?? 0]));
}

/**
 * The named scenarios with a move for each underlying. Throws INVALID_INPUT for an underlying that there is not, a move of
 * -1 or below and a figure that is not finite, DUPLICATE for a name given twice.
 */
export function namedStress(stresses: readonly NamedStress[], underlyings: readonly string[]): readonly Scenario[] {
  const names = new Set<string>();
  return stresses.map(({ name, moves, volatilityChanges = {} }) => {
    const where = `stress scenario ${name}`;
    if (names.has(name)) throw new SolvencyError('DUPLICATE', `${where} is given twice; name each once`);
    names.add(name);
    for (const underlying of [...Object.keys(moves), ...Object.keys(volatilityChanges)]) {
      if (!underlyings.includes(underlying)) {
        throw new SolvencyError(
          'INVALID_INPUT',
          `${where} moves ${underlying}, which is not an underlying of the venue`,
        );
      }
    }
    for (const move of Object.values(moves)) requireMove(move, where);
    for (const change of Object.values(volatilityChanges)) requireChange(change, where);
    return {
      name,
      moves: forEach(underlyings, moves),
      volatilityChanges: forEach(underlyings, volatilityChanges),
    };
  });
}

const signed = (value: number): string => (value > 0 ? `+${value}` : `${value}`);
const same = (underlyings: readonly string[], value: number): ReadonlyMap<string, number> =>
  new Map(underlyings.map((underlying) => [underlying, value]));

export interface GridStress {
  readonly underlyings: readonly string[];
  /** relative, distinct */
  readonly moves: readonly number[];
  /** by which volatility goes up and down, above 0: 0.1 is ten points */
  readonly volatilityChange: number;
}

/**
 * All underlyings together by each move, with volatility up, the same and down: the grid that SPAN's scan ranges and most
 * venues' portfolio margins use. Throws INVALID_INPUT for a move of -1 or below, a change not above 0, DUPLICATE for a
 * move given twice.
 */
export function gridStress({ underlyings, moves, volatilityChange }: GridStress): readonly Scenario[] {
  if (!(volatilityChange > 0 && Number.isFinite(volatilityChange))) {
    throw new SolvencyError('INVALID_INPUT', 'the change of volatility of a stress grid is not above 0');
  }
  if (new Set(moves).size !== moves.length) {
    throw new SolvencyError('DUPLICATE', 'a stress grid has the same move twice; give each once');
  }
  return moves.flatMap((move) => {
    requireMove(move, 'a stress grid');
    return [volatilityChange, 0, -volatilityChange].map((change) => ({
      name: `all ${signed(move)}, volatility ${signed(change)}`,
      moves: same(underlyings, move),
      volatilityChanges: same(underlyings, change),
    }));
  });
}

/**
 * What hurts a book that is hedged across underlyings: each in turn moves up while all others move down, and the other way
 * round, by the same share. Two scenarios for each of at least two underlyings. Throws INVALID_INPUT unless 0 < move < 1.
 */
export function breakingStress(underlyings: readonly string[], move: number): readonly Scenario[] {
  if (!(move > 0 && move < 1)) {
    throw new SolvencyError('INVALID_INPUT', 'the move that breaks correlations is not between 0 and 1');
  }
  if (underlyings.length < 2) {
    throw new SolvencyError('INVALID_INPUT', 'correlations break between two underlyings or more; there are fewer');
  }
  return underlyings.flatMap((one) =>
    [move, -move].map((change) => ({
      name: `${one} ${signed(change)}, others ${signed(-change)}`,
      moves: new Map(underlyings.map((underlying) => [underlying, underlying === one ? change : -change])),
      volatilityChanges: same(underlyings, 0),
    })),
  );
}
