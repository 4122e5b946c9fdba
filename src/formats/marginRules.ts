import { z } from 'zod';
import type { MarginRule } from '../backtest/marginRule.js';
import { SolvencyError } from '../errors.js';
import { patternText, refined, unsignedText, wholeNumber } from './fields.js';
import { fileSchema, readFormat } from './readFormat.js';

// it becomes the name of a file
const ruleName = patternText(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 small letters, digits and dashes');
const share = unsignedText.max(18, { error: 'must have at most 18 characters', abort: true });
const decay = refined(share, (text) => Number(text) > 0 && Number(text) < 1, 'must be above 0 and below 1');

export const marginRulesSchema = fileSchema('margin-rules', {
  rules: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          name: ruleName,
          kind: z.literal('historical'),
          measure: z.enum(['value-at-risk', 'expected-shortfall']),
          lambda: decay.nullable(),
        }),
        z.strictObject({ name: ruleName, kind: z.literal('parametric'), lambda: decay }),
        z.strictObject({
          name: ruleName,
          kind: z.literal('dynamic'),
          lambda: decay,
          buffer: share,
          floorSteps: wholeNumber(2, 1_000_000),
        }),
        z.strictObject({ name: ruleName, kind: z.literal('flat'), rate: share }),
      ]),
    )
    .min(1, 'must hold a rule'),
});

/** Reads `zk-solvency/margin-rules`. Errors: those of readFormat, DUPLICATE for two rules of one name. */
export function parseMarginRules(text: string, where: string): readonly MarginRule[] {
  const { rules } = readFormat(marginRulesSchema, text, { name: 'margin-rules', where });
  for (const [index, { name }] of rules.entries()) {
    if (rules.findIndex((other) => other.name === name) === index) continue;
    throw new SolvencyError('DUPLICATE', `${where}: rules[${index}] has the name of an earlier rule. Rename one.`, {
      details: { where: `${where}: rules[${index}]` },
    });
  }
  return rules.map(ruleOf);
}

type RuleFields = z.infer<typeof marginRulesSchema>['rules'][number];

function ruleOf(fields: RuleFields): MarginRule {
  switch (fields.kind) {
    case 'historical':
      return { ...fields, lambda: fields.lambda === null ? undefined : Number(fields.lambda) };
    case 'parametric':
      return { ...fields, lambda: Number(fields.lambda) };
    case 'dynamic':
      return { ...fields, lambda: Number(fields.lambda), buffer: Number(fields.buffer) };
    case 'flat':
      return { ...fields, rate: Number(fields.rate) };
  }
}
