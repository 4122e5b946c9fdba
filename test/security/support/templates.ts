import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitsFolder } from '../../../src/setup/compileCircuit.js';

/** A template of circuits/ as the compiler reads it. */
export interface TemplateText {
  readonly file: string;
  readonly name: string;
  readonly parameters: readonly string[];
  /** its statements in order, without comments, with single spaces; of a loop or condition the head is a statement */
  readonly statements: readonly string[];
}

const COMMENT = /\/\*.*?\*\/|\/\/[^\n]*/gs;
const DEFINITION = /^(template|function|bus) (?:custom |parallel )?(\w+) ?\(([^)]*)\) ?/;

/** Every file of circuits/ with its text. */
export async function circuitTexts(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(circuitsFolder, { recursive: true })).filter((path) => path.endsWith('.circom')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(circuitsFolder, file), 'utf8')));
  return new Map(files.map((file, k) => [file, texts[k] as string]));
}

/** Every template of circuits/. */
export const templateTexts = async (): Promise<readonly TemplateText[]> =>
  [...(await circuitTexts())].flatMap(([file, text]) => templatesOf(file, text));

/** The templates of one text. */
export function templatesOf(file: string, text: string): readonly TemplateText[] {
  const bare = text.replace(COMMENT, ' ').replace(/\s+/g, ' ');
  const parts = bare.split(/(?=\b(?:template|function|bus) (?:custom |parallel )?\w+ ?\()/);
  return parts.flatMap((part) => {
    const [head = '', kind, name = '', parameters = ''] = DEFINITION.exec(part) ?? [];
    if (kind !== 'template') return [];
    const statements = statementsOf(part.slice(head.length));
    return [{ file, name, parameters: parameters.match(/\w+/g) ?? [], statements }];
  });
}

/** `for (...) x === y;` is two statements: a head, and what it repeats. */
function statementsOf(body: string): readonly string[] {
  const statements: string[] = [];
  let [text, depth] = ['', 0];
  const end = (): void => {
    if (text.trim() !== '') statements.push(text.trim());
    text = '';
  };
  for (const char of body) {
    if (char === '(' || char === '[') depth++;
    if (char === ')' || char === ']') depth--;
    if (depth === 0 && (char === ';' || char === '{' || char === '}')) {
      end();
      continue;
    }
    text += char;
    if (depth === 0 && char === ')' && /^ ?(for|if|while) ?\(/.test(text)) end();
  }
  end();
  return statements;
}
