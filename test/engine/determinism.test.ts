import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * Folders whose doubles end in a snapshot or a report that others recompute. IEEE 754 and ECMAScript define + - * / and
 * these functions to the last bit; the others of Math, and ** on numbers, may differ between machines and versions.
 */
const FOLDERS = ['src/engine', 'src/backtest'];
const EXACT = new Set(['sqrt', 'abs', 'floor', 'min', 'max']);
/** Rounding texts of numbers, readings of texts, the clock, and whatever asks for the machine's language or chance. */
const FORBIDDEN = new Set([
  'toFixed',
  'toPrecision',
  'toExponential',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
  'localeCompare',
  'parseFloat',
  'Intl',
  'performance',
  'randomBytes',
  'randomUUID',
  'Float16Array',
]);

const isMath = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === 'Math';
const isAsterisks = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.AsteriskAsteriskToken || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;

/** What of Date knows neither the clock nor the machine's time zone: Date.UTC and new Date(milliseconds).toISOString(). */
function isUtc(node: ts.Identifier): boolean {
  const created = node.parent;
  if (ts.isPropertyAccessExpression(created) && created.name.text === 'UTC') return true;
  return (
    ts.isNewExpression(created) &&
    created.arguments?.length === 1 &&
    !created.arguments.some(ts.isStringLiteralLike) &&
    ts.isPropertyAccessExpression(created.parent) &&
    created.parent.name.text === 'toISOString'
  );
}

function faultOf(node: ts.Node): string | undefined {
  if (isMath(node)) {
    const access = node.parent;
    const isExact = ts.isPropertyAccessExpression(access) && access.expression === node && EXACT.has(access.name.text);
    return isExact ? undefined : access.getText();
  }
  if (ts.isIdentifier(node) && node.text === 'Date') return isUtc(node) ? undefined : node.parent.getText();
  if (ts.isIdentifier(node) && FORBIDDEN.has(node.text)) return node.text;
  if (ts.isBinaryExpression(node) && isAsterisks(node.operatorToken.kind)) {
    // exact on bigints
    return ts.isBigIntLiteral(node.left) ? undefined : node.getText();
  }
  // without a comparison it sorts numbers as texts
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.arguments.length === 0) {
    return ['sort', 'toSorted'].includes(node.expression.name.text) ? node.getText() : undefined;
  }
  return undefined;
}

function faultsOf(name: string, text: string): readonly string[] {
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = faultOf(node);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true));
  return faults;
}

const sources = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') || file.endsWith('.js'))
    .map((file) => join(folder, file)),
);

describe('floating point', () => {
  it('is scanned in every source of the engine', () => {
    expect(sources).toContain('src/engine/numerics/elementary.ts');
    expect(sources.length).toBeGreaterThan(10);
  });

  it.each(sources)('%s uses only what is defined to the last bit', (file) => {
    expect(faultsOf(file, readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each([
    'Math.exp(1)',
    'Math.round(0.5)',
    'Math["log"](2)',
    'const { pow } = Math',
    'const m = Math',
    'x ** 2',
    'x **= 0.5',
    'x.toFixed(2)',
    'parseFloat("1")',
    'Number.parseFloat("1")',
    'new Intl.NumberFormat()',
    'a.localeCompare(b)',
    'new Date("2026-01-01").getTime()',
    'new Date("2026-01-01T00:00").toISOString()',
    'new Date().toISOString()',
    'Date.now()',
    'Date.parse(text)',
    '[1, 10, 9].sort()',
    'Math.random()',
  ])('would find %s', (text) => {
    expect(faultsOf('text.ts', text)).not.toEqual([]);
  });

  it.each([
    'Math.sqrt(x) + Math.max(1, 2)',
    '10n ** decimals',
    '[1, 10, 9].sort((a, b) => a - b)',
    'new Date(time * 1000).toISOString()',
    'Date.UTC(2026, 0, 1)',
    '// Math.exp is not used',
  ])('takes %s', (text) => {
    expect(faultsOf('text.ts', text)).toEqual([]);
  });
});
