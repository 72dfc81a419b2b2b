import type { JsonObject } from '@/lib/domain/json';
import type { RuleMatch } from '@/lib/domain/policy/decide';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { compileRules } from '@/server/policy/cel';

export function ruleOf(when: string, more: Partial<PolicyRule> = {}): PolicyRule {
  return {
    id: 'rule',
    decision: 'hold',
    when,
    enabled: true,
    reason: null,
    hold: null,
    questionsTeam: null,
    sampling: 'person',
    ...more,
  };
}

export function questionOf(args: JsonObject = {}, more: Partial<PolicyQuestion> = {}): PolicyQuestion {
  return {
    server: { name: 'prod-eu', trusted: true },
    tool: { name: 'delete_row', title: 'Delete a row', description: 'Deletes.', annotations: {} },
    agent: { name: 'night-shift', owner: 'mira@example.com' },
    session: { client: 'claude', scope: null },
    args,
    ...more,
  };
}

export function matchOf(when: string, args: JsonObject = {}, more: Partial<PolicyQuestion> = {}): RuleMatch {
  const rule = ruleOf(when);
  return compileRules([rule]).match(rule, questionOf(args, more));
}
