import { describe, expect, test } from 'vitest';
import { parseDeployment, serializeDeployment } from '../../src/formats/deployment.js';
import { parseDeploymentConfig } from '../../src/formats/deploymentConfig.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';

const address = (digit: string): string => `0x${digit.repeat(40)}`;

const CONFIG = {
  format: 'zk-solvency/deployment-config',
  version: 1,
  owner: address('1'),
  scope: '9',
  policy: {
    minThresholdBps: 12_000,
    minEquityFloor: '1000.5',
    maxAge: 7200,
    maxRootGap: 0,
    riskGrace: 60,
    callPeriod: 1800,
  },
  oracle: {
    maxAge: 3600,
    maxJumpBps: 1_000,
    guardian: address('2'),
    signers: [address('3')],
    threshold: 1,
    reviewers: [address('4')],
    reviewThreshold: 1,
  },
  circuits: ['tiered-8', 'tiered-32'],
};

const RECORD = {
  chainId: 31337,
  scope: FIELD_ORDER - 1n,
  owner: address('1'),
  contracts: { gate: address('2'), accountRoots: address('3'), riskOracle: address('4'), scopeRegistry: address('5') },
  verifiers: [{ circuit: 'tiered-8', address: address('6'), keyHash: 'ab'.repeat(32), setup: 'development' as const }],
};

type Json = { [key: string]: Json } & Json[];
type Change = (file: Json) => unknown;
const spoilt = (file: object, change: Change): string => {
  const copy = structuredClone(file) as Json;
  change(copy);
  return JSON.stringify(copy);
};
const refused = (code: string) => expect.objectContaining({ code });

describe('deployment-config', () => {
  const read = (text: string) => parseDeploymentConfig(text, 'deploy.json');

  test('is read into what is deployed, the floor in 1e-16 quote', () => {
    const { policy, scope, circuits, oracle } = read(JSON.stringify(CONFIG));
    expect(policy).toEqual({
      minThresholdBps: 12_000n,
      minEquityFloor: 10_005n * 10n ** 15n,
      maxAge: 7200n,
      maxRootGap: 0n,
      riskGrace: 60n,
      callPeriod: 1800n,
    });
    expect(scope).toBe(9n);
    expect(circuits).toEqual(CONFIG.circuits);
    expect(oracle.signers).toEqual(CONFIG.oracle.signers);
  });

  test.each<[string, Change, string]>([
    ['no owner', (file) => void delete file['owner'], 'INVALID_INPUT'],
    ['a further field', (file) => Object.assign(file, { admin: address('1') }), 'INVALID_INPUT'],
    ['the zero address', (file) => Object.assign(file, { owner: address('0') }), 'INVALID_INPUT'],
    ['a scope of r', (file) => Object.assign(file, { scope: FIELD_ORDER.toString() }), 'INVALID_INPUT'],
    ['no threshold', (file) => Object.assign(file['policy'] as object, { minThresholdBps: 0 }), 'INVALID_INPUT'],
    ['no age', (file) => Object.assign(file['policy'] as object, { maxAge: 0 }), 'INVALID_INPUT'],
    ['no time to answer', (file) => Object.assign(file['policy'] as object, { callPeriod: 0 }), 'INVALID_INPUT'],
    ['an age beyond 2^32', (file) => Object.assign(file['oracle'] as object, { maxAge: 2 ** 32 + 1 }), 'INVALID_INPUT'],
    [
      'a floor with too many decimals',
      (file) => Object.assign(file['policy'] as object, { minEquityFloor: '0.00000000000000001' }),
      'NOT_REPRESENTABLE',
    ],
    [
      'a floor that no proof shows',
      (file) => Object.assign(file['policy'] as object, { minEquityFloor: '9'.repeat(40) }),
      'OUT_OF_RANGE',
    ],
    ['no signers', (file) => Object.assign(file['oracle'] as object, { signers: [] }), 'INVALID_INPUT'],
    ['a path for a circuit', (file) => Object.assign(file, { circuits: ['../x'] }), 'INVALID_INPUT'],
    ['no circuit', (file) => Object.assign(file, { circuits: [] }), 'INVALID_INPUT'],
    ['a circuit twice', (file) => Object.assign(file, { circuits: ['tiered-8', 'tiered-8'] }), 'DUPLICATE'],
    ['a newer version', (file) => Object.assign(file, { version: 2 }), 'UNSUPPORTED_VERSION'],
  ])('refuses %s', (_, change, code) => {
    expect(() => read(spoilt(CONFIG, change))).toThrow(refused(code));
  });
});

describe('deployment', () => {
  const read = (text: string) => parseDeployment(text, 'deployment.json');

  test('is read as it was written', () => {
    expect(read(serializeDeployment(RECORD))).toEqual(RECORD);
  });

  test.each<[string, Change]>([
    ['a chain of no id', (file) => Object.assign(file, { chainId: 0 })],
    ['a gate that is no address', (file) => Object.assign(file['contracts'] as object, { gate: '0x12' })],
    ['a wrong checksum', (file) => Object.assign(file['contracts'] as object, { gate: `0x${'aB'.repeat(20)}` })],
    ['no registry', (file) => delete (file['contracts'] as Record<string, unknown>)['scopeRegistry']],
    ['a setup of another kind', (file) => Object.assign(file['verifiers']?.[0] as object, { setup: 'trust me' })],
  ])('refuses %s', (_, change) => {
    expect(() => read(spoilt(JSON.parse(serializeDeployment(RECORD)), change))).toThrow(refused('INVALID_INPUT'));
  });
});
