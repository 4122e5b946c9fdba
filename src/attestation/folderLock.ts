import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SolvencyError } from '../errors.js';

/**
 * Runs a task while this process alone works in a folder. A lock whose process is gone, as after a kill, is taken over.
 * UNWRITABLE names the folder and the process that works there.
 */
export async function withFolderLock<Result>(folder: string, task: () => Promise<Result>): Promise<Result> {
  const path = join(folder, '.lock');
  const take = () => writeFile(path, String(process.pid), { flag: 'wx' });
  await take().catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') {
      throw new SolvencyError('UNWRITABLE', `Cannot write in ${folder}: ${cause.code ?? 'unknown reason'}.`, { cause });
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isRunning(owner)) {
      throw new SolvencyError('UNWRITABLE', `Another run, process ${owner}, works in ${folder}. Let it end first.`, {
        details: { folder, process: owner },
      });
    }
    await rm(path, { force: true });
    await take();
  });
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
