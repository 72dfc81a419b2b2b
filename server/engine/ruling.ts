import { defaultRuleIds, type PolicyVerdict } from '@/lib/domain/policy/decide';
import { type HoldTerms, usualTerms } from '@/lib/domain/policy/rule';
import type { JsonObject } from '@/lib/domain/json';
import type { EngineParts, LiveSession } from './parts';
import type { ToolStanding } from './ports/tool-records';
import { type Asked, questionOf } from './questioning';

/**
 * What is decided about a call: by the rules, and above them by what became of its tool. A definition nobody accepted
 * is held whatever allows it; only a deny stands. What it claims of itself counts for nothing: rules that look at
 * annotations are asked with none as well, and one that denies or holds then does.
 */
export function ruleOn(parts: EngineParts, live: LiveSession, asked: Asked): PolicyVerdict {
  const verdict = parts.policy.decide(questionOf(parts, live, asked));
  const standing = parts.toolRecords.standing(asked.server, asked.tool, asked.definition);
  if (standing.is === 'accepted' || verdict.decision === 'deny') return verdict;
  const unbelieved = { ...asked, definition: withoutClaims(asked.definition) };
  const plain = parts.policy.decide(questionOf(parts, live, unbelieved));
  if (plain.decision === 'deny') return plain;
  const strict = plain.decision === 'hold' ? plain : verdict;
  return {
    decision: 'hold',
    rule: { id: defaultRuleIds.changed, words: wordsOf(asked, standing) },
    terms: strictly(strict.terms ?? usualTerms),
    questionsTeam: strict.questionsTeam,
    sampling: 'person',
  };
}

/** Whether what a tool's definition claims of itself is believed, where its server is. */
export function isBelieved(parts: EngineParts, asked: Pick<Asked, 'server' | 'tool' | 'definition'>): boolean {
  return parts.toolRecords.standing(asked.server, asked.tool, asked.definition).is === 'accepted';
}

function withoutClaims(definition: JsonObject): JsonObject {
  const { annotations: _claims, ...rest } = definition;
  return rest;
}

/** Nobody's earlier choice was about this tool. */
function strictly(terms: HoldTerms): HoldTerms {
  return { ...terms, editable: [], atDeadline: 'deny', mayRemember: false, safeFields: [] };
}

function wordsOf({ tool }: Asked, standing: Exclude<ToolStanding, { is: 'accepted' }>): string {
  if (standing.is === 'unrecorded')
    return `Holdpoint could not record what ${tool} is, so nobody can have accepted it. A person decides.`;
  return `The server changed what ${tool} is: its ${standing.parts}. Each call waits for a person until an admin accepts the change.`;
}
