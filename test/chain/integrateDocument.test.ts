import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileContract } from '../../src/chain/compileContracts.js';
import { parseDeploymentConfig } from '../../src/formats/deploymentConfig.js';

const text = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8');

/** The first block of a language. */
function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/integrate.md has no block of ${language}`);
  return found;
}

test('the contract in docs/integrate.md compiles', () => {
  // compiled inside of the package here, and from outside by whoever copies it
  const source = block('solidity').replaceAll('"zk-solvency/contracts/', '"contracts/');
  expect(compileContract('contracts/Desk.sol', source, 'Desk').bytecode).toMatch(/^0x60/);
});

test('the config in docs/integrate.md is one', () => {
  expect(parseDeploymentConfig(block('json'), 'deploy.json').policy.minThresholdBps).toBe(12_000n);
});
