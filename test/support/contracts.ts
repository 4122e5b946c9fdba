import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompiledContract, compileContract } from '../../src/chain/compileContracts.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'build/contracts');

const sources = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sol'))
    .map((file) => `${folder}/${file}`)
    .sort();

/**
 * A contract of contracts/ or test/support/contracts/ by its name, compiled once for all test files as long as no
 * source changes.
 */
export function compiled(name: string): CompiledContract {
  const files = [...sources('contracts'), ...sources('test/support/contracts')];
  const path = files.find((file) => basename(file) === `${name}.sol`);
  if (path === undefined) throw new Error(`There is no contract ${name}.`);
  const hash = createHash('sha256');
  for (const file of [...files, 'package-lock.json', 'src/chain/compileContracts.ts']) {
    hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)));
  }
  const cached = join(CACHE, `${name}-${hash.digest('hex').slice(0, 16)}.json`);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, 'utf8')) as CompiledContract;
  const contract = compileContract(path, readFileSync(join(ROOT, path), 'utf8'), name);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${cached}.${process.pid}`, JSON.stringify(contract));
  renameSync(`${cached}.${process.pid}`, cached);
  return contract;
}
