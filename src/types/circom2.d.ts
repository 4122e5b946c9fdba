declare module 'circom2' {
  export interface CircomBindings {
    readonly fs: Pick<typeof import('node:fs'), 'writeSync'>;
    exit(code: number): void;
  }
  /** what the compiler needs of its surroundings, apart from `fs` */
  export const bindings: Omit<CircomBindings, 'fs'>;
  export class CircomRunner {
    constructor(options: {
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string | undefined>>;
      /** what it sees as this folder is that one */
      readonly preopens: Readonly<Record<string, string>>;
      readonly bindings: CircomBindings;
    });
    /** overridden where the code is compiled already */
    compile(code: Uint8Array): Promise<object>;
    execute(code: Uint8Array): Promise<unknown>;
  }
}
