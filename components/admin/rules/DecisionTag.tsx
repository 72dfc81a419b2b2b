import type { ReactNode } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import User from 'lucide-react/icons/user';
import { Tag } from '@/components/ui/Tag';
import type { Tone } from '@/components/ui/tone';
import type { PolicyDecision } from '@/lib/domain/policy/rule';
import { decisionWords } from '@/lib/domain/policy/words';

export const decisionLooks: { readonly [D in PolicyDecision]: { readonly icon: typeof Check; readonly tone: Tone } } = {
  allow: { icon: Check, tone: 'ok' },
  hold: { icon: User, tone: 'person' },
  deny: { icon: Ban, tone: 'danger' },
};

export function DecisionTag({ of }: { readonly of: PolicyDecision }): ReactNode {
  const { icon, tone } = decisionLooks[of];
  return (
    <Tag icon={icon} tone={tone}>
      {decisionWords[of]}
    </Tag>
  );
}
