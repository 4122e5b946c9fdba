// What fuzzing has found, each as it was found: files that ended in an internal fault or in no memory, that were read as two
// different files, or read without an end.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestationId, parseAttestation } from '../../src/formats/attestation.js';
import { parseEngineModel } from '../../src/formats/engineModel.js';
import { parseSnapshot } from '../../src/formats/snapshot.js';
import { readTextFile } from '../../src/formats/textFile.js';
import { runHere } from '../cli/command.js';
import { texts } from '../formats/examples.js';
import { type Json, raw, withValue, write } from './jsonTree.js';
import { PARSERS, type Parser } from './parsers.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-kept-'));
});
afterAll(() => rm(folder, { recursive: true }));

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'SolvencyError', code, message: expect.stringMatching(message) });
const fileOf = (name: string): Json =>
  JSON.parse((PARSERS.find((parser) => parser.name === name) as Parser).text) as Json;

describe('a time after the last date', () => {
  const late = (time: number) => write(withValue(JSON.parse(texts.snapshot) as Json, ['time'], time));

  it('was an internal fault of snapshot check', async () => {
    const path = join(folder, 'late.json');
    await writeFile(path, late(8_640_000_000_001));
    const { code, stdout } = await runHere(['snapshot', 'check', '--snapshot', path, '--json']);
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'INVALID_INPUT']);
  });

  it('is refused, and the last date is not', () => {
    expect(parseSnapshot(late(8_640_000_000_000), 'x').time).toBe(8_640_000_000_000);
    expect(() => parseSnapshot(late(Number.MAX_SAFE_INTEGER), 'x')).toThrow(refused('INVALID_INPUT', /time/));
  });
});

it('a move of an underlying named __proto__ was passed over in silence', () => {
  const model = withValue(fileOf('engine model of the hybrid family'), ['stress', 0], {
    named: { name: 'a', moves: raw('{"BTC":"-0.1","__proto__":"-0.9"}') },
  });
  expect(() => parseEngineModel(write(model), 'x')).toThrow(refused('INVALID_INPUT', /prototype/));
});

it('loans of one asset in two rows stood under the signature of the second row', () => {
  const manifest = fileOf('manifest of a bundle, covered-with-loans');
  const read = (file: Json) => parseAttestation(write(file), 'x');
  const [row] = (manifest as { loans: { subtracted: { id: number; value: string }[] } }).loans.subtracted;
  if (row === undefined) throw new Error('the corpus has loans');
  const rows = (...subtracted: Json[]) => withValue(manifest, ['loans', 'subtracted'], subtracted);
  const other = { ...row, value: '1' };
  expect(attestationId(read(rows({ ...row })))).not.toBe(attestationId(read(rows(other))));
  expect(() => read(rows(other, { ...row }))).toThrow(refused('DUPLICATE', /loans\.subtracted\[1\]/));
});

it('bytes that are no UTF-8 were replaced, so that two files were one', async () => {
  const path = join(folder, 'latin.json');
  const text = texts.account.replace('"venue"', '"v\u0000nue"').split('\u0000');
  await writeFile(
    path,
    Buffer.concat([Buffer.from(text[0] as string), Buffer.from([0xe9]), Buffer.from(text[1] as string)]),
  );
  await expect(readTextFile(path)).rejects.toThrow(refused('INVALID_INPUT', /UTF-8/));
});

it('a file of rules that is no text was told as no file', async () => {
  const path = join(folder, 'rules.json');
  await writeFile(path, Buffer.from([0xff]));
  const history = join(import.meta.dirname, '../../examples/engine/history-btc.json');
  const words = ['backtest', '--history', history, '--model', path, '--out', join(folder, 'report'), '--json'];
  const { code, stdout } = await runHere(words);
  expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'INVALID_INPUT']);
});

it('a device without an end was read until memory was', async () => {
  await expect(readTextFile('/dev/zero')).rejects.toThrow(refused('INVALID_INPUT', /64 MB/));
});
