import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('docs/security.md names every file of attacks, and none that is not there', async () => {
  const text = await readFile(join(root, 'docs/security.md'), 'utf8');
  const named = [...text.matchAll(/`(test\/[\w/]+\.test\.ts)`/g)].map(([, file]) => file as string);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.test.ts') && file !== 'listed.test.ts',
  );
  expect(files.map((file) => `test/security/${file}`).filter((file) => !named.includes(file))).toEqual([]);
  expect(files.length).toBeGreaterThanOrEqual(20);
});
