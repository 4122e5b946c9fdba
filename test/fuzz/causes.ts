import type { ErrorCode } from '../../src/errors.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { fieldOf, type Json, type Path, pathsOf, raw, valueAt, withValue, write } from './jsonTree.js';
import type { Parser } from './parsers.js';

/** A malformed file: what is wrong with it, and the code that every reader of it has to end in. */
export interface Malformed {
  readonly cause: string;
  readonly code: ErrorCode;
  readonly file: string | Uint8Array;
}

type Cause = readonly [cause: string, make: (text: string) => string | Uint8Array, code?: ErrorCode];

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as never)));
const field = (text: string, added: string): string => text.replace('{', () => `{${added},`);

const MANY_FIELDS = Array.from({ length: 100_000 }, (_, i) => `"f${i}":0`).join();

/** What no JSON text is. */
const NO_JSON: readonly Cause[] = [
  ['an empty file', () => ''],
  ['nothing but white space', () => ' \n\t'.repeat(1000)],
  ['nothing but a NUL', () => '\0'],
  ['words', () => 'not a file of this kind'],
  ['another markup', () => '<?xml version="1.0"?><file/>'],
  ['a byte order mark', (text) => `\ufeff${text}`],
  ['bytes that are no UTF-8', (text) => bytes(text, [0xff, 0xfe, 0x80])],
  ['a surrogate encoded as bytes', (text) => bytes('{"a":"', [0xed, 0xa0, 0x80], '"}', text)],
  ['an overlong encoding of a slash', (text) => bytes(text, [0xc0, 0xaf])],
  ['a text in UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['a text cut in half', (text) => text.slice(0, text.length >> 1)],
  ['no last bracket', (text) => text.trimEnd().slice(0, -1)],
  ['a bracket too many', (text) => `${text}}`],
  ['a second document behind', (text) => `${text}${text}`],
  ['words behind the end', (text) => `${text} and more`],
  ['a NUL behind the end', (text) => `${text}\0`],
  ['a comment', (text) => `// a file\n${text}`],
  ['a comma before the end', (text) => `${text.trimEnd().slice(0, -1)},}`],
  ['a comma at the start', (text) => text.replace('{', '{,')],
  ['keys in single quotes', (text) => text.replace('"format"', "'format'")],
  ['a key without quotes', (text) => text.replace('"format"', 'format')],
  ['an equals sign for a colon', (text) => text.replace(':', '=')],
  ['a line break in a string', (text) => text.replace('zk-solvency/', 'zk-\nsolvency/')],
  ['a NUL in a string', (text) => text.replace('zk-solvency/', 'zk-\0solvency/')],
  ['an escape that there is not', (text) => text.replace('zk-solvency/', 'zk-\\solvency/')],
  ['half an escape', (text) => text.replace('zk-solvency/', 'zk-\\u00solvency/')],
  ['a no-break space between fields', (text) => text.replace('{', '{\u00a0')],
  ...['NaN', 'Infinity', '-Infinity', 'undefined', '0x1', '01', '+1', '.5', '1.', '1e', '-', '--1', '1_000', '1n'].map(
    (token): Cause => [`the token ${token}`, (text) => field(text, `"more":${token}`)],
  ),
  ['the same field twice', (text) => field(text, '"version":1')],
  ['the same field twice, once in escapes', (text) => field(text, '"\\u0076ersion":1')],
  ['the same unknown field twice', (text) => field(text, '"more":1,"more":2')],
  ['a field that sets a prototype', (text) => field(text, '"__proto__":{"version":1}')],
  ['a field that sets a prototype, in escapes', (text) => field(text, '"\\u005f_proto__":{"isAdmin":true}')],
  ['lists in each other, 33 deep', (text) => field(text, `"more":${'['.repeat(33)}${']'.repeat(33)}`)],
  ['lists in each other, 100000 deep', () => '['.repeat(100_000) + ']'.repeat(100_000)],
  ['open lists, 100000 deep', (text) => field(text, `"more":${'['.repeat(100_000)}`)],
  ['objects in each other, 100000 deep', () => '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
  ['an object of 100000 fields', (text) => field(text, MANY_FIELDS)],
];

/** What no file of any format is. */
const NO_FORMAT: readonly Cause[] = [
  ...['null', 'true', '1', '-0', '1e999', '"zk-solvency"', '[]', '{}', '[{}]'].map(
    (value): Cause => [`only ${value}`, () => value],
  ),
  ['a list of the file', (text) => `[${text}]`],
  ['the file as a string', (text) => JSON.stringify(text)],
  ['a format of another software', (text) => text.replace('zk-solvency/', 'zk-other/')],
  [
    'a format of this software that there is not',
    (text) => text.replace(/zk-solvency\/[a-z-]+/, 'zk-solvency/nothing'),
  ],
  ['a format that differs in case', (text) => text.replace('zk-solvency/', 'ZK-Solvency/')],
  ['a format that looks the same', (text) => text.replace('zk-solvency/', 'zk-s\u043elvency/')],
  ['a space behind the format', (text) => text.replace(/(zk-solvency\/[a-z-]+)/, '$1 ')],
  ['a format that is a list', (text) => text.replace(/"(zk-solvency\/[a-z-]+)"/, '["$1"]')],
  ['a format that is a number', (text) => text.replace(/"zk-solvency\/[a-z-]+"/, '1')],
  ['no format', (text) => text.replace(/"format"\s*:\s*"[^"]*",/, '')],
  ['no version', (text) => text.replace(/"version"\s*:\s*1,/, '')],
  ...['0', '-1', '1.5', '"1"', 'null', 'true', '[1]', '1e999', '-1e999'].map(
    (value): Cause => [`version ${value}`, (text) => text.replace(/"version"\s*:\s*1/, `"version":${value}`)],
  ),
  ...['2', '1e20', '9007199254740993'].map(
    (value): Cause => [
      `version ${value}, which is newer`,
      (text) => text.replace(/"version"\s*:\s*1/, `"version":${value}`),
      'UNSUPPORTED_VERSION',
    ],
  ),
  ...[
    'more',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    '',
    '\u0000',
    '\ud800',
    'Format',
    'f'.repeat(1_000_000),
  ].map(
    (key): Cause => [
      `the unknown field ${JSON.stringify(key.slice(0, 20))}`,
      (text) => field(text, `${JSON.stringify(key)}:{"valueOf":1}`),
    ],
  ),
  ['an unknown field of 100000 items', (text) => field(text, `"more":[${'1,'.repeat(99_999)}1]`)],
];

/** What stands in a field that holds something else, in any of the formats. */
const WRONG: readonly (readonly [cause: string, value: (old: Json) => Json | undefined])[] = [
  ['is missing', () => undefined],
  ['is null', () => null],
  ['is true', (old) => (typeof old === 'boolean' ? 'true' : true)],
  ['is in a list', (old) => [old]],
  ['is an object', (old) => (typeof old === 'object' && old !== null && !Array.isArray(old) ? [] : { valueOf: 1 })],
  ['is beyond all numbers', () => raw('1e999')],
  ['is a string of a thousand digits', () => '9'.repeat(1000)],
];

const isFree = ({ optional = [], nullable = [] }: Parser, name: string, cause: string): boolean =>
  (cause === 'is missing' && optional.includes(name)) || (cause === 'is null' && nullable.includes(name));

/** Every field of a file in turn: missing, or of another type. */
function wrongFields(parser: Parser, file: Json): readonly Malformed[] {
  const seen = new Set<string>();
  return pathsOf(file).flatMap((path) => {
    const name = path.map((part) => (typeof part === 'number' ? '[]' : part)).join('.');
    if (path[0] === 'format' || path[0] === 'version' || seen.has(name)) return [];
    seen.add(name);
    const inList = typeof path.at(-1) === 'number';
    return WRONG.flatMap(([cause, value]): Malformed[] => {
      if ((inList && cause === 'is missing') || isFree(parser, fieldOf(path), cause)) return [];
      if (inList && Array.isArray(valueAt(file, path)) && cause === 'is in a list') return [];
      const changed = withValue(file, path, value(valueAt(file, path) as Json));
      return [{ cause: `${name} ${cause}`, code: 'INVALID_INPUT', file: write(changed) }];
    });
  });
}

const R = FIELD_ORDER.toString();
const HUGE = '9'.repeat(100);

type Wrong = readonly [path: string, value: Json | undefined | ((file: Json) => Json), code?: ErrorCode];
const twice =
  (path: string) =>
  (file: Json): Json => {
    const place = path.split('.');
    const list = valueAt(file, place) as Json[];
    return withValue(file, place, [...list, structuredClone(list[0] as Json)]);
  };
const element = (path: string): readonly Wrong[] =>
  [R, '-1', '-0', '01', '+1', '1.0', '1e3', '0x1', ' 1', '1\n', '', '１'].map((value): Wrong => [path, value]);
const decimals = (path: string): readonly Wrong[] =>
  ['1e5', '.5', '5.', '+5', '--5', '1,5', '0x5', 'Infinity', 'NaN', ' 5', '5\u0000', '٣', HUGE + HUGE].map(
    (value): Wrong => [path, value],
  );
const whole = (path: string): readonly Wrong[] =>
  [-1, 1.5, raw('1e21'), raw('-1e999'), '1'].map((value): Wrong => [path, value]);
const names = (path: string): readonly Wrong[] =>
  ['', ' a', 'a ', 'a\u0000', 'a\u202eb', '\ud800', 'a\u2028', 'a'.repeat(65), '\ufeff'].map(
    (value): Wrong => [path, value],
  );
const paths = (path: string): readonly Wrong[] =>
  [
    '../key.json',
    '/etc/passwd',
    'a/../../b',
    'a\\..\\b',
    'C:\\key',
    'a\u0000.json',
    './a',
    'a//b',
    '~/a',
    'ａ',
    'a/',
    '',
  ].map((value): Wrong => [path, value]);
const hashes = (path: string): readonly Wrong[] =>
  ['ab'.repeat(31), 'AB'.repeat(32), `0x${'ab'.repeat(32)}`, 'g'.repeat(64)].map((value): Wrong => [path, value]);
const addresses = (path: string): readonly Wrong[] =>
  [
    `0x${'00'.repeat(20)}`,
    `0x${'12'.repeat(19)}`,
    '12'.repeat(20),
    '0xAbcdefabcdefabcdefabcdefabcdefabcdefabcD',
    'XE00',
  ].map((value): Wrong => [path, value]);
const points: readonly Wrong[] = [
  ...element('proof.a.0').filter(([, value]) => value !== R),
  ['proof.a', []],
  ['proof.b', [['1', '2']]],
  ['proof.c', ['1', '2', '1']],
  ['proof.c.1', '21888242871839275222246405745257275088696311157297823662689037894645226208583'],
];
const sizes: readonly Wrong[] = [
  ...decimals('collateral.0.amount'),
  ...decimals('positions.0.size'),
  ['collateral.0.amount', '0.12345678901234567', 'NOT_REPRESENTABLE'],
  ['collateral.0.amount', HUGE, 'OUT_OF_RANGE'],
  ['collateral.0.amount', `-${HUGE.slice(1)}`, 'OUT_OF_RANGE'],
  ['positions.0.size', '0', 'OUT_OF_RANGE'],
  ['positions.0.cost', HUGE, 'OUT_OF_RANGE'],
  ['positions.0.instrument', 'NOTHING', 'UNKNOWN_INSTRUMENT'],
  ['positions.0.instrument', '__proto__', 'UNKNOWN_INSTRUMENT'],
  ['collateral.0.asset', 'constructor', 'UNKNOWN_ASSET'],
  ['venue', 'another', 'MISMATCH'],
];
const packaged: readonly Wrong[] = [
  ...sizes,
  ...['ownerCommitment', 'salt', 'accountRoot', 'path.siblings.0.0'].flatMap(element),
  ...whole('path.index'),
  ['path.index', 8 ** 9],
  ['path.siblings', []],
  ['path.siblings.0', []],
  ['accountRoot', '1', 'MISMATCH'],
  ['accountRootOpening.venueId', '1', 'MISMATCH'],
  ['accountRootOpening.registryHash', '1', 'MISMATCH'],
  ['collateral.0.id', 4294967295, 'MISMATCH'],
  ['collateral', twice('collateral'), 'INVALID_INPUT'],
  ['positions', (file) => withValue(file, ['positions'], [...(valueAt(file, ['positions']) as Json[])].reverse())],
  ['collateral.0.amount', '0', 'NOT_REPRESENTABLE'],
];
const registered: readonly Wrong[] = [
  ...names('registry.venue'),
  ...whole('registry.entries.0.id'),
  ['registry.entries.0.id', 0],
  ['registry.entries.0.id', 2 ** 32],
  ['registry.entries.0.amountDecimals', 17],
  ['registry.entries.0.kind', 'stock'],
  ['registry.entries', twice('registry.entries'), 'INVALID_SNAPSHOT'],
  ['registry.entries.0.settleAsset', 4294967295, 'INVALID_SNAPSHOT'],
];
const snapshot: readonly Wrong[] = [
  ...registered,
  ...decimals('instruments.0.mark'),
  ['instruments.0.mark', '-1'],
  ['instruments.0.mark', HUGE, 'INVALID_SNAPSHOT'],
  ['instruments.0.mark', '1.12345678901234567', 'NOT_REPRESENTABLE'],
  ['instruments.0.instrument', 'NOTHING', 'UNKNOWN_INSTRUMENT'],
  ['instruments.0.instrument', 'toString', 'UNKNOWN_INSTRUMENT'],
  ['assets.0.asset', 'NOTHING', 'UNKNOWN_ASSET'],
  ['assets.0.price', '0', 'INVALID_SNAPSHOT'],
  ['assets', twice('assets'), 'INVALID_SNAPSHOT'],
  ['instruments', twice('instruments'), 'INVALID_SNAPSHOT'],
  ['assets.0.ladder.0.factor', HUGE, 'INVALID_SNAPSHOT'],
  ['model.family', 'constructor'],
  ['model.family', '__proto__'],
  ['model.version', 2, 'INVALID_SNAPSHOT'],
  ['roundings', [{ where: 'x'.repeat(201), exact: '', used: '' }]],
  ...whole('time'),
];

/** What is wrong for one format alone; the code is INVALID_INPUT unless told. Places are those of the valid file. */
const WRONG_VALUES: Readonly<Record<string, readonly Wrong[]>> = {
  account: [
    ...sizes,
    ['collateral', twice('collateral'), 'DUPLICATE'],
    ['positions', twice('positions'), 'DUPLICATE'],
    ['positions.0.entryPrice', '1'],
  ],
  'account package': packaged,
  'inclusion file': packaged,
  identity: [
    ...element('ownerCommitment'),
    ...[
      '0x',
      `0x${'0'.repeat(64)}`,
      `0x${'f'.repeat(64)}`,
      `0x${'A'.repeat(64)}`,
      '1'.repeat(64),
      `0x${'1'.repeat(63)}`,
    ].map((value): Wrong => ['ownerSecret', value]),
  ],
  registry: registered,
  parameters: [
    ...registered,
    ...decimals('instruments.0.tiers.0.maintenanceRate'),
    ['instruments.0.tiers.0.initialRate', '1/0'],
    ['instruments.0.tiers.0.initialRate', '1/-3'],
    ['assets.0.asset', 'NOTHING', 'UNKNOWN_ASSET'],
    ['instruments.0.instrument', 'NOTHING', 'UNKNOWN_INSTRUMENT'],
    ['haircutRule', 'toString'],
  ],
  prices: [
    ...decimals('assets.0.price'),
    ...whole('time'),
    ['venue', 'another', 'MISMATCH'],
    ['assets.0.price', '-1'],
    ['assets', twice('assets'), 'DUPLICATE'],
    ['instruments', twice('instruments'), 'DUPLICATE'],
    ['assets.0.asset', 'NOTHING', 'UNKNOWN_ASSET'],
    ['instruments.0.instrument', 'NOTHING', 'UNKNOWN_INSTRUMENT'],
  ],
  'margin proof': [
    ...points,
    ...element('publicSignals.riskRoot'),
    ...paths('circuit'),
    ...hashes('keyHash'),
    ['setup', 'trusted'],
  ],
  'liabilities proof': [
    ...points,
    ...element('publicSignals.0'),
    ...paths('circuit'),
    ...hashes('keyHash'),
    ['publicSignals', Array.from({ length: 65 }, () => '1')],
  ],
  'verification key': [
    ...whole('nPublic'),
    ['nPublic', 1025],
    ['nPublic', 0, 'INSECURE_KEY'],
    ['IC', [], 'INSECURE_KEY'],
    ['IC', twice('IC'), 'INSECURE_KEY'],
    ['IC.0', ['1', '1', '1'], 'INSECURE_KEY'],
    ['vk_alpha_1', ['0', '0', '1'], 'INSECURE_KEY'],
    ['vk_alpha_1.2', '0'],
    ['vk_gamma_2', (file) => withValue(file, ['vk_gamma_2'], valueAt(file, ['vk_delta_2']) as Json), 'INSECURE_KEY'],
    ['vk_delta_2.0.0', '1', 'INSECURE_KEY'],
    ['protocol', 'plonk'],
    ['curve', 'bls12381'],
  ],
  'manifest of artifacts': [
    ...paths('files.wasm.file'),
    ...paths('circuit'),
    ...hashes('keyHash'),
    ...whole('constraints'),
    ['setup', 'trusted'],
    ['publicSignals.0', '1a'],
  ],
  'manifest of a bundle, opened': [
    ...paths('snapshot.path'),
    ...paths('batches.0.proof.path'),
    ...hashes('snapshot.sha256'),
    ...element('accountRoot'),
    ...whole('batches.0.firstIndex'),
    ['venueStart', 2 ** 27 + 1],
    ['claim', 'solvent'],
    ['signature', '0x'],
    ['software', 'a\nb'],
    ['tables.0.assets', Array.from({ length: 65_537 }, () => 1)],
    ['totals', { path: 'totals.json' }],
    ['loans', { largestDebtor: '0' }],
  ],
  'manifest of a bundle, covered-with-loans': [
    ...decimals('loans.largestDebtor'),
    ...decimals('covered.reserveValue'),
    ['loans.subtracted', twice('loans.subtracted'), 'DUPLICATE'],
    ['covered.reserveValue', '0.12345678901234567', 'NOT_REPRESENTABLE'],
    ['covered', {}],
    ['claim', 'opened '],
  ],
  policy: [
    ...addresses('venueKey'),
    ...hashes('verificationKeys.0.keyHash'),
    ...whole('maxAge'),
    ['tokens', twice('tokens'), 'DUPLICATE'],
    ['haircuts', twice('haircuts'), 'DUPLICATE'],
    ['verificationKeys', twice('verificationKeys'), 'DUPLICATE'],
    ['marks.prices', twice('marks.prices'), 'DUPLICATE'],
    ['marks.prices.0.price', '0.00'],
    ['haircuts.0.ppm', 1_000_001],
    ['tokens.0.decimals', 256],
  ],
  totals: [
    ...decimals('customers.owed'),
    ...element('salt'),
    ...whole('rows.assets'),
    ['customers.owed', '-1', 'OUT_OF_RANGE'],
    ['customers.owed', '0.12345678901234567', 'NOT_REPRESENTABLE'],
    ['customers.assets', twice('customers.assets')],
    ['customers.assets.0.asset', 'another', 'MISMATCH'],
    ['customers.assets.0.id', 4294967295, 'INVALID_INPUT'],
    ['customers.accounts', 2 ** 27 + 1],
  ],
  'plan of a book': [
    ...element('seed'),
    ...paths('tables.0.circuit'),
    ...whole('regions.0.start'),
    ['totalsShape.assets', 4097],
  ],
  'committed book': [
    ...names('venue'),
    ...whole('counts.accounts'),
    ['regions', twice('regions'), 'OUT_OF_RANGE'],
    ['regions.0.count', 17, 'OUT_OF_RANGE'],
    ['regions.0.count', 2 ** 27 + 1],
  ],
  'reserve evidence': [
    ...addresses('chains.0.addresses.0.address'),
    ...['0x0', '0xg0', 'f00d', ''].map((value): Wrong => ['chains.0.header', value]),
    ['chains.0.header', `0x${'00'.repeat(65_537)}`],
    ['chains.0.addresses.0.ownership.kind', 'eip191 '],
    ['chains.0.addresses.0.ownership.signature', '0x00'],
    ['chains.0.addresses.0.balances.0.proof', Array.from({ length: 65 }, () => '0x00')],
    ['chains.0.addresses.0.balances.0.slot', '0x00'],
    ['chains.0.chainId', 0],
  ],
  'reserve owners': [
    ...addresses('owners.0.address'),
    ['owners', twice('owners'), 'DUPLICATE'],
    ['owners.0.kind', 'constructor'],
    ['owners.0.signature', '0x0'],
  ],
  deployment: [
    ...addresses('contracts.gate'),
    ...element('scope'),
    ...paths('verifiers.0.circuit'),
    ...hashes('verifiers.0.keyHash'),
    ['chainId', 0],
  ],
  'deployment config': [
    ...addresses('oracle.guardian'),
    ...decimals('policy.minEquityFloor'),
    ...paths('circuits.0'),
    ['policy.minEquityFloor', HUGE, 'OUT_OF_RANGE'],
    ['policy.minEquityFloor', '0.12345678901234567', 'NOT_REPRESENTABLE'],
    ['circuits', twice('circuits'), 'DUPLICATE'],
    ['circuits', []],
    ['oracle.signers', []],
    ['policy.maxAge', 2 ** 32],
  ],
  market: [
    ...registered,
    ...decimals('underlyings.0.spot'),
    ['instruments.0.underlying', 'constructor'],
    ['instruments.0.contract', 'quadratic'],
    ['assets.0.asset', 'NOTHING', 'UNKNOWN_ASSET'],
    ['instruments.0.instrument', 'NOTHING', 'UNKNOWN_INSTRUMENT'],
  ],
  'engine model of the tail family': [
    ...decimals('confidence'),
    ['family', 'constructor'],
    ['scenarios.0', { other: {} }],
    ['measure', 'mean'],
  ],
  'engine model of the hybrid family': [
    ...decimals('added'),
    ['rule', 'mean'],
    ['stress.0', { named: { name: 'a', moves: raw('{"__proto__":"0.1"}') } }],
    ['stress.0', { named: { name: 'a', moves: { '': '0.1' } } }],
    ['stress.0', { named: { name: 'a', moves: { a: '1e5' } } }],
  ],
  history: [
    ...decimals('points.0.price'),
    ...whole('points.0.time'),
    ['points.0.price', '0', 'INVALID_HISTORY'],
    ['points', twice('points'), 'INVALID_HISTORY'],
    ['points', [], 'INVALID_HISTORY'],
    ['points.0.date', '2020-03-16', 'INVALID_HISTORY'],
    ['points.0.price', '1'.repeat(21)],
  ],
  'margin rules': [
    ...paths('rules.0.name'),
    ['rules', twice('rules'), 'DUPLICATE'],
    ['rules', []],
    ['rules.0.kind', 'constructor'],
    ['rules.1.lambda', '1'],
    ['rules.1.lambda', '0.0'],
    ['rules.2.floorSteps', 1],
    ['rules.2.buffer', '1'.repeat(19)],
  ],
};

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').replaceAll('\\u0001', '').slice(0, 60);

function wrongValues(parser: Parser, file: Json): readonly Malformed[] {
  const own = WRONG_VALUES[parser.name] ?? (parser.name.startsWith('snapshot') ? snapshot : []);
  return own.map(([path, value, code = 'INVALID_INPUT'], index): Malformed => {
    const place: Path = path.split('.');
    const changed = typeof value === 'function' ? value(file) : withValue(file, place, value);
    const what =
      typeof value === 'function'
        ? `${path} is not what it must be (${index})`
        : `${path} is ${shown(value)} (${index})`;
    return { cause: what, code, file: write(changed) };
  });
}

/** Every malformed file of a parser that the corpus has. */
export function malformed(parser: Parser): readonly Malformed[] {
  const file = JSON.parse(parser.text) as Json;
  const text = JSON.stringify(file);
  return [
    ...[...NO_JSON, ...NO_FORMAT].map(([cause, make, code = 'INVALID_INPUT']) => ({ cause, code, file: make(text) })),
    ...wrongFields(parser, file),
    ...wrongValues(parser, file),
  ];
}
