'use client';

import type { ReactNode } from 'react';
import type { PolicyVersion } from '@/lib/domain/policy/rule';
import { type AdminData, AdminPage } from '../AdminPage';
import { RulesBoard } from './RulesBoard';
import type { RulesDesk, RulesView } from './rules-props';

export interface RulesScreenProps {
  readonly data: AdminData<RulesView>;
  /** The person who looks: a draft is theirs. */
  readonly me: string;
  readonly line: 'online' | 'offline';
  /** The server's clock, when the page was drawn. */
  readonly now: number;
  readonly desk: RulesDesk;
  /** A version was saved here. */
  readonly onSaved: (version: PolicyVersion) => void;
  readonly onRetry: () => void;
}

/** Which calls are allowed, held and denied, and how that changes. */
export function RulesScreen({ data, me, line, now, desk, onSaved, onRetry }: RulesScreenProps): ReactNode {
  if (data.is !== 'ready') {
    return (
      <AdminPage title="Rules" count={null} data={data} onRetry={onRetry}>
        {() => null}
      </AdminPage>
    );
  }
  return (
    <RulesBoard
      key={me}
      view={data.value}
      me={me}
      line={line}
      now={now}
      desk={desk}
      onSaved={onSaved}
      onAgain={onRetry}
    />
  );
}
