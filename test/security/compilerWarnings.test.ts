/**
 * Attack 3: assert() on a signal and `<--` look like checks and constrain nothing: they run where the witness is computed,
 * which is the attacker's machine. Circuits went live with both, and `_ <==` keeps the compiler silent about it (an audit of
 * privacy-pools-core found one). Here every assertion is over parameters alone, every hint has its constraint in the list
 * below, and what the compiler's inspection says of every template is explained in test/circuits/inspection.test.ts.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import { compileForTest, expectAccepted, expectRejected } from '../support/circuit.js';
import { warningsOf } from '../support/compileOnce.js';
import { SMALL } from '../support/smallCircuits.js';
import { circuitTexts, type TemplateText, templatesOf, templateTexts } from './support/templates.js';

/** What each hint of circuits/ is bound by. Templates with a range of their own are those of `RANGES`. */
const BOUND: Readonly<Record<string, readonly string[]>> = {
  'UsedSlots used[k]': [
    'used[0] * (1 - used[0]) === 0',
    'used[k] * (used[k - 1] - used[k]) === 0',
    // total is the sum of all flags
    'total === count',
  ],
  'Fraction out': ['out * denominator === numerator'],
  'LiabilitiesBatch isVenue': [
    'isSide.in <== isVenue',
    'signal fromBoundary <== (2 * isVenue - 1) * (firstIndex - claimed.venueStart) - accounts * (1 - isVenue)',
    'boundary.in <== fromBoundary',
  ],
  'AccountStanding standing': [
    'isFlag.in <== standing',
    'signal distance <== (2 * standing - 1) * surplus + standing - 1',
    'distanceRange.in <== distance',
  ],
  'Combine maximum': ['maximumRange.in <== maximum', 'covers[i].in <== maximum - weighted[i]'],
  'GreeksLoss moves[k]': [
    'movesRange[k].in <== moves[k]',
    'underlying[k] * (used[k] - moves[k]) === 0',
    'of[k].belongs <== moves[k]',
  ],
  'NotBelow out': ['range.in <== out', 'above.in <== out - in'],
  'ParametricLoss loss': [
    'lossRange.in <== loss',
    'signal lossSquare <== loss * loss',
    'above.in <== lossSquare - squares',
  ],
  'PivotSplit exceeds[i]': ['exceedsRange[i].in <== exceeds[i]', 'beyond[i] <== exceeds[i] * magnitude[i]'],
  // opened is the sum of all lanes as they are claimed
  'PivotSplit magnitude[i]': ['magnitudeRange[i].in <== magnitude[i]', 'opened === total'],
  'ShockedLoss loss': ['lossRange.in <== loss', 'covers[i].in <== scale * loss + gain[i]'],
  'Below bits[i]': [
    'bits[i] * (1 - bits[i]) === 0',
    'bits[i] * (1 - tight[i + 1] - bits[i]) === 0',
    // value is what the bits say
    'value === in',
  ],
  'Membership in[j]': ['in[j] * (1 - in[j]) === 0', 'in[j] * (name - id[j]) === 0', 'total === belongs'],
  'NonZeroIf inverse': ['in * inverse === flag'],
  'SignSplit sign': ['signRange.in <== sign', 'negative <== sign * magnitude', 'positive - negative === in'],
  'SignSplit magnitude': ['magnitudeRange.in <== magnitude', 'negative <== sign * magnitude'],
  'BasisLoss loss': ['least.in <== loss', 'widened.in <== loss + up', 'narrowed.in <== loss + down'],
  'ExpiryChange moved[i]': ['below[i].in <== moved[i] + lowest', 'above[i].in <== moved[i] - highest'],
  'NakedShorts join[k]': [
    'joinRange[k].in <== join[k]',
    'join[k] * (1 - netting[k]) === 0',
    'join[k] * (id[k] - id[k - 1] - 1) === 0',
    'join[k] * join[k - 1] === 0',
  ],
  'PortfolioMargin netting[k]': [
    'nettingRange[k].in <== netting[k]',
    'netting[k] * (1 - owned.positionUsed[k]) === 0',
    'inExpiry[k].name <== positionRow[k].group - netting[k]',
  ],
  'PortfolioMargin moves[a]': [
    'movesRange[a].in <== moves[a]',
    'collateralRow[a].extension * (owned.collateralUsed[a] - moves[a]) === 0',
    'movesWith[a].belongs <== moves[a]',
  ],
  'PortfolioMargin holdsPerpetual[u]': [
    'perpetualRange[u].in <== holdsPerpetual[u]',
    'held * (1 - holdsPerpetual[u]) === 0',
  ],
  'WorstLoss loss': [
    'least.in <== loss',
    'overBasis.in <== loss - FINE_SCALE() * FINE_SCALE() * basis',
    'over[s].in <== loss + weighted[s] - FINE_SCALE() * floor[s]',
  ],
  'FundingSettlement raised': [
    'raisedRange.in <== raised',
    'quantums <== raised - offset',
    'remainder.in <== funding - QUANTIZED_QUANTUM() * quantums',
  ],
  'QuantumNotional low': ['lowRange.in <== low', 'quantums <== low + RATE_SCALE() * (middle + RATE_SCALE() * high)'],
  'QuantumNotional middle': [
    'middleRange.in <== middle',
    'quantums <== low + RATE_SCALE() * (middle + RATE_SCALE() * high)',
  ],
  'QuantumNotional high': ['highRange.in <== high', 'quantums <== low + RATE_SCALE() * (middle + RATE_SCALE() * high)'],
  'RoundedUp out': ['outRange.in <== out', 'missing.in <== RATE_SCALE() * out - in'],
  'StrikeOrder stands[p][k]': [
    'stands[p][k] * (1 - stands[p][k]) === 0',
    'total === 1',
    'named === order[p]',
    'placesOf[k] === 1',
  ],
  'CountedProfit isAbove': [
    'flag.in <== isAbove',
    'signal lacking <== isAbove * room',
    'distance.in <== room - 2 * lacking',
  ],
  'GreaterRate isSecond': [
    'flag.in <== isSecond',
    'signal more <== isSecond * (second - first)',
    'difference.in <== 2 * more - (second - first)',
  ],
  'SizePremium steps': [
    'stepsRange.in <== steps',
    'rate <== steps * step',
    'missing.in <== WEIGHTED_ROOT_ONE() * (rate + step) - exact - 1',
  ],
  'SizeRoot root': [
    'rootRange.in <== root',
    'signal nextSquare <== (root + 1) * (root + 1)',
    'above.in <== nextSquare - scaled - 2',
  ],
};

/** Templates that refuse what is out of their range; a wire that goes into another component is bound by nothing yet. */
const RANGES = /^(Ranged|Boolean|Below|SignSplit)\(/;

const HINT = /^(?:signal (?:output )?)?(\w+(?:\[[^\]]*\])*) <-- /;
const words = (text: string): readonly string[] => text.match(/[A-Za-z_]\w*/g) ?? [];
const baseOf = (signal: string): string => signal.replace(/\[.*/, '');

const hintsOf = ({ name, statements }: TemplateText): readonly string[] =>
  statements
    .filter((statement) => statement.includes('<--'))
    .map((statement) => `${name} ${HINT.exec(statement)?.[1]}`);

/** What an assertion may speak of: parameters of its template, and constants. */
const assertionFaults = ({ name, parameters, statements }: TemplateText): readonly string[] =>
  statements
    .filter((statement) => statement.startsWith('assert'))
    .filter((statement) =>
      words(statement.replace(/^assert/, '').replace(/\b[A-Z_]+\(\)/g, '')).some((word) => !parameters.includes(word)),
    )
    .map((statement) => `${name}: ${statement}`);

/** A hint whose list names no constraint that holds it: absent from the source, of another signal, or no constraint. */
function hintFaults(template: TemplateText, bound: typeof BOUND): readonly string[] {
  const { statements } = template;
  const made = (component: string): string =>
    statements
      .map((statement) => statement.split(/ (?:=|<==) /))
      .find(([left, right]) => right !== undefined && words(left as string).includes(component) && /^[A-Z]/.test(right))
      ?.at(1) ?? '';
  return hintsOf(template).flatMap((hint) => {
    const signal = baseOf(hint.slice(hint.indexOf(' ') + 1));
    const constraints = bound[hint] ?? [];
    const missing = constraints.filter((constraint) => !statements.includes(constraint));
    const holding = constraints.filter((constraint) => {
      const component = /^(\w+)(?:\[[^\]]*\])*\.in <== /.exec(constraint)?.[1];
      return component === undefined ? /===|<==/.test(constraint) : RANGES.test(made(component));
    });
    const mentioned = holding.some((constraint) => words(constraint).includes(signal));
    return [
      ...missing.map((constraint) => `${hint}: the source has no "${constraint}"`),
      ...(mentioned ? [] : [`${hint}: no constraint mentions it`]),
    ];
  });
}

/** How often something stands in the circuits' code, counted without taking templates apart. */
const occurrences = async (what: RegExp): Promise<number> =>
  [...(await circuitTexts()).values()].flatMap((text) => text.replace(/\/\/.*/g, '').match(what) ?? []).length;

const SUPPORT = join(import.meta.dirname, 'support');
const halved = (silenced: number): CircuitSource => ({
  file: join(SUPPORT, 'halved.circom'),
  template: 'Halved',
  parameters: [silenced],
  publicSignals: ['in'],
});

describe('assert() on a signal', () => {
  it('is in none of our templates: every assertion is over parameters, at compile time', async () => {
    const templates = await templateTexts();
    const seen = templates.flatMap(({ statements }) => statements.filter((text) => text.startsWith('assert')));
    expect(seen).toHaveLength(await occurrences(/\bassert\b/g));
    expect(templates.flatMap(assertionFaults)).toEqual([]);
  });

  it('would be seen by this test, in a condition and behind a variable too', () => {
    const text =
      'template T(N) { signal input a; var b = a + 1; assert(N < 5); if (N == 1) assert(a < N); assert(b < N); }';
    expect(templatesOf('t', text).flatMap(assertionFaults)).toEqual(['T: assert(a < N)', 'T: assert(b < N)']);
  });

  it('lets the R1CS accept the lie, where a constraint refuses it', async () => {
    const file = join(SUPPORT, 'assertedBound.circom');
    const circuit = await compileForTest({ file, template: 'AssertedBound', parameters: [], publicSignals: [] });
    expectAccepted(circuit, await circuit.witness({ asserted: 9n, constrained: 9n }));
    expectAccepted(circuit, await circuit.witness({ asserted: 1000n, constrained: 9n }));
    expectAccepted(circuit, await circuit.witness({ asserted: -1n, constrained: 9n }));
    for (const constrained of [10n, 1000n, -1n]) {
      expectRejected(circuit, await circuit.witness({ asserted: 9n, constrained }), /main\.bound/);
    }
  });
});

describe('a hint without a constraint', () => {
  it('is in none of our templates: each is bound by the constraints that this test lists', async () => {
    const templates = await templateTexts();
    expect(templates.flatMap(hintsOf)).toHaveLength(await occurrences(/<--|-->/g));
    expect(templates.flatMap(hintsOf).sort()).toEqual(Object.keys(BOUND).sort());
    expect(templates.flatMap((template) => hintFaults(template, BOUND))).toEqual([]);
  });

  it('would be seen by this test: a constraint gone, of another signal, or of a component that checks nothing', () => {
    const faults = (body: string, ...constraints: readonly string[]) =>
      templatesOf('t', `template T() { signal input a; signal output h; h <-- a \\ 2; ${body} }`).flatMap((template) =>
        hintFaults(template, { 'T h': constraints }),
      );
    expect(faults('2 * h === a;', '2 * h === a')).toEqual([]);
    expect(faults('2 * h === a;')).toHaveLength(1);
    expect(faults('', '2 * h === a')).toHaveLength(1);
    expect(faults('2 * a === 4;', '2 * a === 4')).toHaveLength(1);
    expect(faults('component r = Ranged(8); r.in <== h;', 'r.in <== h')).toEqual([]);
    expect(faults('component r = Doubled(); r.in <== h;', 'r.in <== h')).toHaveLength(1);
  });

  it('lets the R1CS accept any value of it, where a constraint refuses it', async () => {
    const circuit = await compileForTest(halved(0));
    const honest = await circuit.witness({ in: 8n });
    expectAccepted(circuit, honest);
    for (const half of [0n, 5n, -1n]) {
      const square = half * half;
      expectAccepted(circuit, circuit.edit(honest, { 'main.hinted': half, 'main.asHinted': square }));
      // the other half is the public input's, by the constraint, and no wire of its own
      expectRejected(circuit, circuit.edit(honest, { 'main.asBound': square }));
    }
  });
});

describe('a silenced warning', () => {
  it('hides a hint that nothing binds: `_ <==` is in none of our files, nor a constraint that was commented out', async () => {
    for (const [file, text] of await circuitTexts()) {
      expect(text.replace(/\/\/.*/g, ''), file).not.toMatch(/(^|[^\w])_ *(<==|<--|===)|(==>|-->) *_([^\w]|$)/);
      // prose is free to mention an operator; a statement has one between names and ends in a semicolon
      expect(text, file).not.toMatch(/\/\/[^\n]*(<==|<--|===|==>|-->)[^\n]*;/);
      expect(text, file).not.toMatch(/\/\*/);
    }
  });

  it('is why `_ <==` is refused: with it the compiler says nothing of the same hint', async () => {
    const warnings = async (silenced: number) =>
      (await warningsOf(halved(silenced))).filter((warning) => warning.includes('forgotten'));
    expect(await warnings(0)).toEqual([expect.stringContaining('does not appear in any constraint')]);
    expect(await warnings(1)).toEqual([]);
  });
});

describe('the compiler’s inspection', () => {
  it('has looked at every template: each is part of a small instance, whose warnings are explained', async () => {
    const templates = await templateTexts();
    const uses = new Map(templates.map(({ name, statements }) => [name, statements.flatMap(words)]));
    const reached = new Set(SMALL.map(({ template }) => template));
    for (const name of reached) {
      for (const word of uses.get(name) ?? []) if (uses.has(word)) reached.add(word);
    }
    expect([...uses.keys()].filter((name) => !reached.has(name))).toEqual([]);
  });
});
