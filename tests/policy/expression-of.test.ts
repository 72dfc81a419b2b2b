import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from '@/lib/domain/policy/glob';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { ToolAnnotations } from '@/lib/domain/tool';
import { checkExpression } from '@/server/policy/cel';
import { expressionOf, type RuleConditions } from '@/lib/domain/policy/expression-of';
import { matchOf } from './policy-samples';

/** What the configuration's rules meant before they were expressions. */
function matchedBefore(old: RuleConditions, { server, tool }: PolicyQuestion): boolean {
  const { annotations } = old;
  const hints: ToolAnnotations = server.trusted ? tool.annotations : {};
  const destructive = hints.readOnlyHint !== true && hints.destructiveHint !== false;
  return (
    (old.server === null || matchesGlob(old.server, server.name)) &&
    (old.tool === null || matchesGlob(old.tool, tool.name)) &&
    (annotations.readOnly === undefined || annotations.readOnly === (hints.readOnlyHint ?? false)) &&
    (annotations.destructive === undefined || annotations.destructive === destructive) &&
    (annotations.idempotent === undefined || annotations.idempotent === (hints.idempotentHint ?? false))
  );
}

/** Names and patterns of few letters, so that they often meet; with what quoting could get wrong. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '_', '-'), maxLength: 5 }),
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\r', '\t', "'", '\0', 'é', '😀', '`', '\\u', '?'),
    maxLength: 4,
  }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const pattern = fc.oneof(
  name,
  fc.array(fc.oneof(name, fc.constant('*')), { maxLength: 5 }).map((parts) => parts.join('')),
);
const mark = fc.option(fc.boolean(), { nil: undefined });
const annotations = fc.record({ readOnly: mark, destructive: mark, idempotent: mark });
const hints = fc.record({ readOnlyHint: mark, destructiveHint: mark, idempotentHint: mark });

/** As records with the key left out, which is how configuration gives them. */
function given<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

describe('a rule of the older form as an expression', () => {
  test.each<[RuleConditions, string]>([
    [{ server: null, tool: null, annotations: {} }, 'true'],
    [{ server: '*', tool: null, annotations: {} }, 'true'],
    [{ server: 'github', tool: 'delete_*', annotations: {} }, 'server.name == "github" && glob(tool.name, "delete_*")'],
    [
      { server: 'prod-*', tool: null, annotations: { readOnly: false, destructive: true } },
      'glob(server.name, "prod-*") && !tool.readOnly && tool.destructive',
    ],
    [{ server: null, tool: 'a"\\\n', annotations: {} }, 'tool.name == "a\\"\\\\\\n"'],
  ])('%j', (old, expression) => {
    expect(expressionOf(old)).toBe(expression);
    expect(checkExpression(expression)).toEqual({ ok: true });
  });

  test('means the same for every call', () => {
    fc.assert(
      fc.property(
        fc.record({ server: fc.option(pattern), tool: fc.option(pattern), annotations }),
        fc.record({ server: name, trusted: fc.boolean(), tool: name, hints, same: fc.boolean() }),
        (conditions, call) => {
          const old: RuleConditions = { ...conditions, annotations: given(conditions.annotations) };
          // Half of the calls bear the rule's own names, so that most conditions are met somewhere.
          const serverName = call.same ? (old.server ?? call.server) : call.server;
          const toolName = call.same ? (old.tool ?? call.tool) : call.tool;
          const question = {
            server: { name: serverName, trusted: call.trusted },
            tool: { name: toolName, title: '', description: '', annotations: given(call.hints) },
          };
          const expression = expressionOf(old);
          expect(checkExpression(expression)).toEqual({ ok: true });
          const full = {
            ...question,
            agent: { name: '', owner: null },
            session: { client: null, scope: null },
            args: {},
          };
          expect(matchOf(expression, {}, question)).toBe(matchedBefore(old, full) ? 'yes' : 'no');
        },
      ),
      { numRuns: 3_000, seed: 20_261_122 },
    );
  });
});
