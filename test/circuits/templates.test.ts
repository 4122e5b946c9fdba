import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountLeaf } from '../../src/account/accountLeaf.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { entryIds } from '../../src/account/entryIds.js';
import { listHash } from '../../src/account/listHash.js';
import { nullifier } from '../../src/account/nullifier.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { usedSlots } from '../../src/account/usedSlots.js';
import { poseidonHash } from '../../src/hash/poseidonHash.js';
import { taggedHash } from '../../src/hash/taggedHash.js';
import { withinTier } from '../../src/margin/withinTier.js';
import { boolean } from '../../src/numbers/boolean.js';
import { nonZeroIf } from '../../src/numbers/nonZeroIf.js';
import { ranged } from '../../src/numbers/ranged.js';
import { select } from '../../src/numbers/select.js';
import { FIELD_ORDER, TAGS } from '../../src/protocol/constants.js';
import { modelHash } from '../../src/risk/modelHash.js';
import { riskRoot } from '../../src/risk/riskRoot.js';
import { circuitsFolder } from '../../src/setup/compileCircuit.js';
import { parentNode } from '../../src/tree/parentNode.js';
import { compileForTest } from '../support/circuit.js';
import { expectTwin } from '../support/twin.js';

type Inputs = Record<string, bigint | readonly bigint[]>;

interface Case {
  readonly file: string;
  readonly template: string;
  readonly parameters?: readonly number[];
  readonly inputs: fc.Arbitrary<Inputs>;
  readonly twin: (inputs: never) => readonly bigint[];
  readonly outputs: readonly string[];
}

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
const edge = fc.oneof(fc.constantFrom(0n, 1n, 2n, 255n, 256n, FIELD_ORDER - 1n), element);
const elements = (length: number) => fc.array(element, { minLength: length, maxLength: length });
const bit = fc.constantFrom(0n, 1n);
const none = (check: () => void): readonly bigint[] => {
  check();
  return [];
};

const CASES: readonly Case[] = [
  {
    file: 'hash/poseidonHash',
    template: 'PoseidonHash',
    parameters: [3],
    inputs: fc.record({ capacity: edge, in: elements(3) }),
    twin: (i: { capacity: bigint; in: bigint[] }) => [poseidonHash(i.capacity, i.in)],
    outputs: ['out'],
  },
  {
    file: 'hash/taggedHash',
    template: 'TaggedHash',
    parameters: [7, 3],
    inputs: fc.record({ in: elements(3) }),
    twin: (i: { in: bigint[] }) => [taggedHash(7n, i.in)],
    outputs: ['out'],
  },
  {
    file: 'numbers/ranged',
    template: 'Ranged',
    parameters: [8],
    inputs: fc.record({ in: edge }),
    twin: (i: { in: bigint }) => none(() => ranged(8, i.in)),
    outputs: [],
  },
  {
    file: 'numbers/boolean',
    template: 'Boolean',
    inputs: fc.record({ in: edge }),
    twin: (i: { in: bigint }) => none(() => boolean(i.in)),
    outputs: [],
  },
  {
    file: 'numbers/nonZeroIf',
    template: 'NonZeroIf',
    inputs: fc.record({ in: edge, flag: bit }),
    twin: (i: { in: bigint; flag: bigint }) => none(() => nonZeroIf(i.in, i.flag)),
    outputs: [],
  },
  {
    file: 'numbers/select',
    template: 'Select',
    parameters: [3],
    inputs: fc.record({ values: elements(8), bits: fc.tuple(bit, bit, bit) }),
    twin: (i: { values: bigint[]; bits: bigint[] }) => [select(i.values, i.bits)],
    outputs: ['out'],
  },
  {
    file: 'tree/parentNode',
    template: 'ParentNode',
    parameters: [9],
    inputs: fc
      .tuple(elements(8), fc.tuple(bit, bit, bit), fc.boolean())
      .map(([children, place, honest]) => ({ children, place, child: honest ? select(children, place) : 5n })),
    twin: (i: { child: bigint; place: bigint[]; children: bigint[] }) => [parentNode(9n, i.child, i.place, i.children)],
    outputs: ['out'],
  },
  {
    file: 'account/ownerCommitment',
    template: 'OwnerCommitment',
    inputs: fc.record({ ownerSecret: element }),
    twin: (i: { ownerSecret: bigint }) => [ownerCommitment(i.ownerSecret)],
    outputs: ['out'],
  },
  {
    file: 'account/nullifier',
    template: 'Nullifier',
    inputs: fc.record({ ownerSecret: element, scope: element }),
    twin: (i: { ownerSecret: bigint; scope: bigint }) => [nullifier(i.ownerSecret, i.scope)],
    outputs: ['out'],
  },
  {
    file: 'account/usedSlots',
    template: 'UsedSlots',
    parameters: [3],
    inputs: fc.record({ count: fc.constantFrom(0n, 1n, 2n, 3n, 4n, FIELD_ORDER - 1n) }),
    twin: (i: { count: bigint }) => usedSlots(3, i.count),
    outputs: ['used[0]', 'used[1]', 'used[2]'],
  },
  {
    file: 'account/entryIds',
    template: 'EntryIds',
    parameters: [2],
    inputs: fc
      .tuple(fc.constantFrom(0n, 5n, 2n ** 32n - 3n, 2n ** 32n - 2n, 2n ** 32n - 1n), fc.bigInt({ min: 0n, max: 3n }))
      .map(([first, second]) => ({ gap: [first, second], used: [1n, 1n] })),
    twin: (i: { gap: bigint[]; used: bigint[] }) => entryIds(i.gap, i.used),
    outputs: ['id[0]', 'id[1]'],
  },
  {
    file: 'account/listHash',
    template: 'ListHash',
    parameters: [11, 14],
    inputs: fc.integer({ min: 0, max: 14 }).chain((count) =>
      elements(count).map((used) => ({
        count: BigInt(count),
        elements: [...used, ...Array<bigint>(14 - count).fill(0n)],
        used: Array.from({ length: 14 }, (_, k) => (k < count ? 1n : 0n)),
      })),
    ),
    twin: (i: { count: bigint; elements: bigint[]; used: bigint[] }) => [listHash(11n, i.count, i.elements, i.used)],
    outputs: ['out'],
  },
  {
    file: 'account/accountLeaf',
    template: 'AccountLeaf',
    inputs: fc.record({
      ownerCommitment: element,
      accountId: element,
      collateralHash: element,
      positionsHash: element,
      salt: element,
    }),
    twin: (i: Parameters<typeof accountLeaf>[0]) => [accountLeaf(i)],
    outputs: ['out'],
  },
  {
    file: 'account/accountRoot',
    template: 'AccountRoot',
    inputs: fc.record({ venueId: element, registryHash: element, treeRoot: element, time: element }),
    twin: (i: Parameters<typeof accountRoot>[0]) => [accountRoot(i)],
    outputs: ['out'],
  },
  {
    file: 'risk/modelHash',
    template: 'ModelHash',
    parameters: [1, 2],
    inputs: fc.record({ version: element, claim: element, rules: elements(2) }),
    twin: (i: Parameters<typeof modelHash>[1]) => [modelHash('tiered', i)],
    outputs: ['out'],
  },
  {
    file: 'risk/riskRoot',
    template: 'RiskRoot',
    inputs: fc.record({ registryHash: element, modelHash: element, tableRoot: element, time: element }),
    twin: (i: Parameters<typeof riskRoot>[0]) => [riskRoot(i)],
    outputs: ['out'],
  },
  {
    file: 'margin/withinTier',
    template: 'WithinTier',
    inputs: fc.record({
      size: fc.bigInt({ min: 0n, max: 30n }),
      floor: fc.constantFrom(0n, 10n),
      cap: fc.constantFrom(10n, 20n, 2n ** 64n - 1n),
    }),
    twin: (i: { size: bigint; floor: bigint; cap: bigint }) => none(() => withinTier(i.size, i.floor, i.cap)),
    outputs: [],
  },
];

describe('every small template agrees with its twin', () => {
  it.each(CASES.map((tested) => [tested.template, tested] as const))('%s', async (_, tested) => {
    const circuit = await compileForTest({
      file: `${tested.file}.circom`,
      template: tested.template,
      parameters: tested.parameters ?? [],
      // public, so that the compiler cannot solve an input away instead of constraining it
      publicSignals: Object.keys(fc.sample(tested.inputs, 1)[0] ?? {}),
    });
    await fc.assert(
      fc.asyncProperty(tested.inputs, async (inputs) => {
        await expectTwin(circuit, inputs, () => tested.twin(inputs as never), tested.outputs);
      }),
      { seed: 20272, numRuns: 60 },
    );
  });
});

describe('circuits/ and src/ mirror each other', () => {
  it('every template has a twin of its name at the same place', async () => {
    const missing: string[] = [];
    const files = (await readdir(circuitsFolder, { recursive: true })).filter((file) => file.endsWith('.circom'));
    for (const file of files) {
      const text = await readFile(join(circuitsFolder, file), 'utf8');
      for (const [, name] of text.matchAll(/^template (\w+)/gm)) {
        const twin = `../../src/${file.replace(/\.circom$/, '.ts')}`;
        const exported = (await import(twin).catch(() => ({}))) as Record<string, unknown>;
        const twinName = `${name?.charAt(0).toLowerCase()}${name?.slice(1)}`;
        if (typeof exported[twinName] !== 'function') missing.push(`${file}: ${name}`);
      }
    }
    expect(files.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('a list hash depends on its domain: balances never pass for positions', () => {
    const list = [1n, [5n], [1n]] as const;
    expect(listHash(TAGS.collateralHead, ...list)).not.toBe(listHash(TAGS.positionsHead, ...list));
  });
});
