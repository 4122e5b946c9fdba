import { cpus, totalmem } from 'node:os';

/** Processor, cores, memory and Node version, since a time without them says little. */
export const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
