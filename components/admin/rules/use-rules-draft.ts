'use client';

import { useEffect, useMemo, useState } from 'react';
import { diffRules, mergeOnTop, type RuleChange, type RulesDraft } from '@/lib/domain/policy/editing';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { keepRules, type KeptRules, keptRules, type OpenRule } from './draft-storage';

export interface RulesEditing {
  readonly rules: readonly PolicyRule[];
  /** What the draft was made from. */
  readonly base: RulesDraft['base'];
  readonly changes: readonly RuleChange[];
  /** Whether a version was saved since the draft was begun. */
  readonly standing: 'current' | 'overtaken';
  readonly open: OpenRule | null;
  readonly edit: (rules: readonly PolicyRule[]) => void;
  readonly setOpen: (open: OpenRule | null) => void;
  /** Takes a rule's form into the draft and closes it. */
  readonly take: (rule: PolicyRule) => void;
  /** Begins anew from what is in force, with these rules instead. */
  readonly begin: (rules: readonly PolicyRule[]) => void;
  /** Drops what was edited and typed; what it gives brings it back. */
  readonly discard: () => () => void;
  /** Puts our changes on what is in force now; names what both changed. */
  readonly onTop: () => readonly string[];
}

/** Edits gathered on top of the rules in force; they survive a reload of this tab. */
export function useRulesDraft(person: string, current: PolicyVersion): RulesEditing {
  const [kept, setKept] = useState<KeptRules>(() => keptRules(person));
  useEffect(() => keepRules(person, kept), [person, kept]);
  const draft = useMemo<RulesDraft>(
    () => kept.draft ?? { base: { version: current.version, rules: current.rules }, rules: current.rules },
    [kept.draft, current],
  );
  const changes = useMemo(() => diffRules(draft.base.rules, draft.rules), [draft]);
  const edit = (rules: readonly PolicyRule[]): void =>
    setKept((before) => ({ ...before, draft: worthKeeping({ base: draft.base, rules }) }));
  return {
    rules: draft.rules,
    base: draft.base,
    changes,
    standing: draft.base.version === current.version ? 'current' : 'overtaken',
    open: kept.open,
    edit,
    setOpen: (open) => setKept((before) => ({ ...before, open })),
    take: (rule) => {
      const { open } = kept;
      if (open === null) return;
      setKept({ draft: worthKeeping({ base: draft.base, rules: withRule(draft.rules, open, rule) }), open: null });
    },
    begin: (rules) =>
      setKept({ draft: worthKeeping({ base: { version: current.version, rules: current.rules }, rules }), open: null }),
    discard: () => {
      setKept({ draft: null, open: null });
      return () => setKept(kept);
    },
    onTop: () => {
      const { rules, clashes } = mergeOnTop(draft, current.rules);
      const base = { version: current.version, rules: current.rules };
      setKept((before) => ({ ...before, draft: worthKeeping({ base, rules }) }));
      return clashes;
    },
  };
}

/** A draft without a change is none: it follows what is in force. */
function worthKeeping(draft: RulesDraft): RulesDraft | null {
  return diffRules(draft.base.rules, draft.rules).length === 0 ? null : draft;
}

/** The list with one rule edited, or added where it was begun. One that was removed meanwhile is added anew. */
export function withRule(
  rules: readonly PolicyRule[],
  { id, index }: Pick<OpenRule, 'id' | 'index'>,
  rule: PolicyRule,
): readonly PolicyRule[] {
  const at = id === null ? -1 : rules.findIndex((known) => known.id === id);
  return at === -1 ? rules.toSpliced(Math.min(index, rules.length), 0, rule) : rules.toSpliced(at, 1, rule);
}
