/**
 * Attack 20: libraries of Poseidon differ in which element of the state they return, where a domain tag goes and which
 * constants they hold, and a circuit that hashes otherwise than its verifier proves membership in a tree that nobody
 * committed. Here the circuits' hash, the twin and the one that commits books are held against vectors of four other
 * implementations, and against the paper's permutation with constants drawn anew, for every arity.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldBytes, getField } from '../../src/book/fieldBytes.js';
import { type HashWorkers, startHashWorkers } from '../../src/book/hashWorkers.js';
import { taggedHash } from '../../src/hash/taggedHash.js';
import { FIELD_ORDER, TAGS } from '../../src/protocol/constants.js';
import { ELEMENT_BYTES } from '../../src/setup/bn254Field.js';
import { accepts, compileTextForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { permute } from './support/poseidonReference.js';

const ARITIES = Array.from({ length: 16 }, (_, k) => k + 1);
const upTo = (count: number): readonly bigint[] => Array.from({ length: count }, (_, k) => BigInt(k + 1));
const filledUp = (given: readonly bigint[], arity: number): readonly bigint[] =>
  Array.from({ length: arity }, (_, k) => given[k] ?? 0n);

/** extgit.isec.tugraz.at/krypto/hadeshash, code/test_vectors.txt: the whole state after 0, 1, 2, ... */
const AUTHORS = {
  poseidonperm_x5_254_3: [
    0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an,
    0x0fca49b798923ab0239de1c9e7a4a9a2210312b6a2f616d18b5a87f9b628ae29n,
    0x0e7ae82e40091e63cbd4f16a6d16310b3729d4b6e138fcf54110e2867045a30cn,
  ],
  poseidonperm_x5_254_5: [
    0x299c867db6c1fdd79dcefa40e4510b9837e60ebb1ce0663dbaa525df65250465n,
    0x1148aaef609aa338b27dafd89bb98862d8bb2b429aceac47d86206154ffe053dn,
    0x24febb87fed7462e23f6665ff9a0111f4044c38ee1672c1ac6b0637d34f24907n,
    0x0eb08f6d809668a981c186beaf6110060707059576406b248e5d9cf6e78b3d3en,
    0x07748bc6877c9b82c8b98666ee9d0626ec7f5be4205f79ee8528ef1c4a376fc7n,
  ],
} as const;

/** Hashes by others: [who, tag, inputs, hash]. */
const OTHERS: readonly (readonly [string, bigint, readonly bigint[], bigint])[] = [
  // github.com/iden3/go-iden3-crypto, poseidon/poseidon_test.go
  ['go-iden3-crypto', 0n, upTo(1), 18586133768512220936620570745912940619677854269274689475585506675881198879027n],
  ['go-iden3-crypto', 0n, upTo(2), 7853200120776062878684798364095072458815029376092732009249414926327459813530n],
  [
    'go-iden3-crypto',
    0n,
    filledUp([1n, 2n], 5),
    1018317224307729531995786483840663576608797660851238720571059489595066344487n,
  ],
  [
    'go-iden3-crypto',
    0n,
    filledUp([3n, 4n], 6),
    12263118664590987767234828103155242843640892839966517009184493198782366909018n,
  ],
  ['go-iden3-crypto', 0n, upTo(6), 20400040500897583745843009878988256314335038853985262692600694741116813247201n],
  ['go-iden3-crypto', 0n, upTo(14), 8354478399926161176778659061636406690034081872658507739535256090879947077494n],
  [
    'go-iden3-crypto',
    0n,
    filledUp(upTo(9), 16),
    11882816200654282475720830292386643970958445617880627439994635298904836126497n,
  ],
  ['go-iden3-crypto', 0n, upTo(16), 9989051620750914585850546081941653841776809718687451684622678807385399211877n],
  // github.com/iden3/circomlibjs, test/poseidon.js: with an initial state, which is where a tag goes here
  ['circomlibjs', 7n, upTo(4), 1569211601569591254857354699102545060324851338714426496554851741114291465006n],
  ['circomlibjs', 17n, upTo(16), 7865037705064445207187340054656830232157001572238023180016026650118519857086n],
];

/** github.com/Lightprotocol/light-poseidon, light-poseidon/tests/bn254_fq_x5.rs: 1 to 12 inputs that are all 1. */
const LIGHT: readonly bigint[] = [
  0x29176100eaa962bdc1fe6c654d6a3c130e96a4d1168b33848b897dc502820133n,
  0x007af346e2d304279e79e0a9f3023f771294a78acb70e73f90afe27cad401e81n,
  0x02c0066e10a72abd2b33c3b214cb3e81bcb1b6e30961cd23c202b18673bf2543n,
  0x082c9c370a0d24f4416fbc414a37681f78442d27d86385991c17d6fc0c4b7d71n,
  0x10389605ae688d4f14db853122c47d66a803c72b41589cb1bf868741b206b9bbn,
  0x2a73f679328c3eab724aa3e5bdbf50b39035d7729f135b9709890f85c5dc5e76n,
  0x2276310aa7f3343a284214139d9da959be2a31b2c708a5f81954b265e53a30b8n,
  0x177e1453c446e1b07d2b4233425147095c4fcabb233d230b6d46a214d95b2884n,
  0x0e8fee2fe49da30fdeeb48c42ebb44cc6ee7055f61fbca5e313b8a5fca834c47n,
  0x2ec4c65e6378ab8c7330854f4a7077c1ff9260e44885c4b81dd131ad3a86cd96n,
  0x00713d41eca635f117d4ecbceb5f3a66dc4142eb70b56765bc358f1bec40bb9bn,
  0x14390be0baef249bd47c65ddac65c2e52e8513c081c1cd72c98006098e9a8fben,
];

/** Inputs that differ in every place, the largest element among them. */
const inputsOf = (arity: number): readonly bigint[] =>
  Array.from({ length: arity }, (_, k) => (k === 0 ? FIELD_ORDER - 1n : 3n ** BigInt(100 + 7 * k) % FIELD_ORDER));
const TAG = TAGS.accountNode;

describe('the paper’s permutation', () => {
  it.each(Object.entries(AUTHORS))('is its authors’ %s, in every element of the state', (_, state) => {
    const [tag, ...inputs] = state.map((_, k) => BigInt(k));
    expect(permute(tag as bigint, inputs)).toEqual(state);
  });
});

describe('a library that returns another element', () => {
  it.each(OTHERS)('would differ from %s, tag %s of %s', (_, tag, inputs, hash) => {
    expect(taggedHash(tag, inputs)).toBe(hash);
    expect(permute(tag, inputs).indexOf(hash)).toBe(0);
  });

  it('would differ from light-poseidon', () => {
    for (const [k, hash] of LIGHT.entries()) expect(taggedHash(0n, Array<bigint>(k + 1).fill(1n))).toBe(hash);
  });

  it('or holds other constants, would differ from the paper at some arity', () => {
    for (const arity of ARITIES) {
      const state = permute(TAG, inputsOf(arity));
      expect(taggedHash(TAG, inputsOf(arity)), `${arity} inputs`).toBe(state[0]);
      expect(new Set(state).size).toBe(arity + 1);
    }
  });

  it('has no answer for no inputs, or for more than circomlib has constants for', () => {
    for (const arity of [0, 17]) expect(() => taggedHash(TAG, upTo(arity))).toThrow();
  });
});

describe('a tag in another place', () => {
  it('would be an input, and collide with another meaning', () => {
    const tagged = taggedHash(TAG, [1n, 2n]);
    for (const other of [
      permute(0n, [TAG, 1n, 2n])[0],
      permute(0n, [1n, 2n, TAG])[0],
      permute(0n, [1n + TAG, 2n])[0],
      permute(1n, [TAG, 2n])[0],
      permute(0n, [1n, 2n])[0],
    ]) {
      expect(other).not.toBe(tagged);
    }
    expect(permute(TAG, [1n, 2n])[0]).toBe(tagged);
  });
});

describe('the circuits’ hash', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(`pragma circom 2.2.2;
      include "circuits/constants.circom";
      include "circuits/hash/taggedHash.circom";
      template Test() {
        signal input in[16];
        signal output out[16];
        component hash[16];
        for (var i = 0; i < 16; i++) {
          hash[i] = TaggedHash(TAG_ACCOUNT_NODE(), i + 1);
          for (var k = 0; k <= i; k++) hash[i].in[k] <== in[k];
          out[i] <== hash[i].out;
        }
      }`);
  });

  it.each(ARITIES)('is the paper’s for %s inputs, and its R1CS takes no other element of the state', async (arity) => {
    const inputs = inputsOf(16);
    const witness = await circuit.witness({ in: inputs });
    expectAccepted(circuit, witness);
    const [hash, ...others] = permute(TAG, inputs.slice(0, arity)) as readonly [bigint, ...bigint[]];
    const out = `main.out[${arity - 1}]`;
    expect(circuit.get(witness, out)).toBe(hash);
    for (const other of [...others, permute(0n, inputs.slice(0, arity))[0] as bigint]) {
      expect(accepts(circuit, circuit.edit(witness, { [out]: other }))).toBe(false);
    }
  });
});

describe('the hash of committed books', () => {
  let workers: HashWorkers;
  beforeAll(async () => {
    workers = await startHashWorkers(1);
  });
  afterAll(() => workers.close());

  it('is the paper’s for every arity', async () => {
    for (const arity of ARITIES) {
      const [first, second] = [inputsOf(arity), upTo(arity)];
      const hashes = await workers.hash(TAG, arity, fieldBytes([...first, ...second]));
      expect(getField(hashes, 0)).toBe(permute(TAG, first)[0]);
      expect(getField(hashes, ELEMENT_BYTES)).toBe(permute(TAG, second)[0]);
    }
  });
});
