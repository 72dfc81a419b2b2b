'use client';

import type { ReactNode } from 'react';
import OctagonX from 'lucide-react/icons/octagon-x';
import { Button } from '@/components/ui/Button';
import { KeyButton } from '@/components/ui/KeyButton';
import { useKeys } from '@/components/ui/use-keys';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { sessionsKeys } from './session-keys';

export interface SessionsBulkProps {
  readonly count: number;
  /** What is the matter with them: "2 stalled, 1 slow". */
  readonly words: string;
  readonly onNone: () => void;
  readonly onEnd: () => void;
}

/** What can be done with the selected sessions; names the consequence. */
export function SessionsBulk({ count, words, onNone, onEnd }: SessionsBulkProps): ReactNode {
  useKeys([{ ...sessionsKeys.none, guard: 'free', run: onNone }], 'sessions-bulk');
  return (
    <div className="ss-bulk float" role="toolbar" aria-label="Selected sessions">
      <span className="strong num">{count} selected</span>
      <span className="meta cut ss-bulk-words">{words}</span>
      <span className="grow" />
      <Button look="ghost" hint="Esc" onClick={onNone}>
        Clear
      </Button>
      <KeyButton of={sessionsKeys.together} look="danger-solid" icon={OctagonX} onClick={onEnd}>
        End {countOf(count, 'session')}…
      </KeyButton>
    </div>
  );
}
