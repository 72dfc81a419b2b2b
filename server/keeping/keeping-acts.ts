import { holdpoint } from '@/lib/domain/actor';
import { actBy } from '@/lib/domain/act-by';
import type { AuditDraft } from '@/lib/domain/audit';
import type { JsonObject } from '@/lib/domain/json';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { Person } from '@/lib/domain/permission';
import { keptForWords, keptKinds, keptNames, type PurgeCount, type Retention } from '@/lib/domain/retention';

const namedMost = 50;

/** Who: null for the configuration. */
export function maskingAct(
  who: Person | null,
  at: number,
  saved: { readonly base: number; readonly before: readonly MaskingRule[]; readonly rules: readonly MaskingRule[] },
): AuditDraft {
  const { base, before, rules } = saved;
  const facts = { base, rules: rules.length, before: before.length, names: namesOf(rules) };
  return actOf(who, { act: 'masking.saved', at, id: 'masking', facts });
}

export function retentionAct(
  who: Person | null,
  at: number,
  saved: { readonly before: Retention; readonly after: Retention },
): AuditDraft {
  const facts = { before: wordsOf(saved.before), after: wordsOf(saved.after) };
  return actOf(who, { act: 'retention.saved', at, id: 'retention', facts });
}

/** What was purged until now of what is to be. */
export function purgeAct(counts: readonly PurgeCount[], at: number): AuditDraft {
  const facts = Object.fromEntries(counts.map(({ kind, items, sessions }) => [kind, { items, sessions }]));
  return actOf(null, { act: 'retention.purged', at, id: 'retention', facts });
}

function actOf(
  who: Person | null,
  what: {
    readonly act: 'masking.saved' | 'retention.saved' | 'retention.purged';
    readonly at: number;
    readonly id: string;
    readonly facts: JsonObject;
  },
): AuditDraft {
  const { id, ...rest } = what;
  const about = { kind: 'keeping', id, name: null } as const;
  const draft = { ...rest, about, why: null };
  return who === null ? { ...draft, actor: holdpoint, from: null } : actBy(who, draft);
}

/** By name and path alone. */
function namesOf(rules: readonly MaskingRule[]): readonly string[] {
  return rules.slice(0, namedMost).map(({ name, path }) => `${name}: ${path}`);
}

function wordsOf(retention: Retention): JsonObject {
  return Object.fromEntries(keptKinds.map((kind) => [keptNames[kind], keptForWords(retention[kind])]));
}
