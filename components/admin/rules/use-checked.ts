'use client';

import { useEffect, useState } from 'react';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import type { RulesDesk } from './rules-props';

export interface Checked {
  readonly is: 'checking' | 'checked' | 'unknown';
  readonly problems: readonly RuleProblem[];
}

interface Found extends Checked {
  readonly of: readonly PolicyRule[] | null;
}

const settleMs = 300;
const nothing: Found = { is: 'checked', problems: [], of: null };

/** What the server says of these rules, once nobody types any more. Null: nothing to check. */
export function useChecked(rules: readonly PolicyRule[] | null, check: RulesDesk['check']): Checked {
  const [found, setFound] = useState<Found>(nothing);
  useEffect(() => {
    if (rules === null) return;
    let state: 'wanted' | 'left' = 'wanted';
    const tell = (is: 'checked' | 'unknown', problems: readonly RuleProblem[]): void => {
      if (state === 'wanted') setFound({ is, problems, of: rules });
    };
    const timer = setTimeout(() => {
      check(rules).then(
        (reply) => (reply.ok ? tell('checked', reply.value.problems) : tell('unknown', [])),
        () => tell('unknown', []),
      );
    }, settleMs);
    return () => {
      state = 'left';
      clearTimeout(timer);
    };
  }, [rules, check]);
  if (rules === null) return nothing;
  return found.of === rules ? found : { is: 'checking', problems: found.problems };
}
