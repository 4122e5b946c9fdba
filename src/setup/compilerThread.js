// @ts-check
// The circom compiler, run once in a thread of its own, so that its memory is given back. It begins with the machine code
// that earlier runs of the process have made of it and optimised: half of the work of compiling a small circuit.
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { bindings, CircomRunner } from 'circom2';

/** @type {{ module: object, args: readonly string[], folder: string }} */
const { module, args, folder } = workerData;
const STANDARD_STREAMS = [1, 2];

class Compiler extends CircomRunner {
  /** @override */
  async compile() {
    return module;
  }
}

/** @type {Buffer[]} */
const printed = [];
/** @type {number | undefined} */
let code;

const compiler = new Compiler({
  args,
  env: process.env,
  preopens: { '.': folder },
  bindings: {
    ...bindings,
    exit(/** @type {number} */ status) {
      code = status;
      bindings.exit(status);
    },
    fs: {
      ...fs,
      /** @type {any} */
      writeSync(
        /** @type {number} */ file,
        /** @type {Uint8Array} */ bytes,
        /** @type {number} */ offset,
        /** @type {number} */ length,
        /** @type {number | null} */ position,
      ) {
        if (!STANDARD_STREAMS.includes(file)) return fs.writeSync(file, bytes, offset, length, position);
        printed.push(Buffer.from(bytes.slice(offset, offset + length)));
        return length;
      },
    },
  },
});

try {
  await compiler.execute(new Uint8Array());
} catch (error) {
  // a refusal exits; anything else is a fault of the compiler, which it has printed only in part
  if (code === undefined) printed.push(Buffer.from(`\n${error}`));
  code ||= 1;
}
parentPort?.postMessage({ code: code ?? 0, output: Buffer.concat(printed).toString('utf8') });
