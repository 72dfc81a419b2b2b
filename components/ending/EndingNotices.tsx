import type { ReactNode } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import OctagonX from 'lucide-react/icons/octagon-x';
import X from 'lucide-react/icons/x';
import { Banner } from '@/components/ui/Banner';
import { Button } from '@/components/ui/Button';
import { IconButton } from '@/components/ui/IconButton';
import { type EndOperation, settledOf } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import { endingTitle } from './ending-words';

export interface EndingNoticesProps {
  /** What runs, and what came to its end while this page was open. */
  readonly endings: readonly EndOperation[];
  readonly onShow: (operation: EndOperation) => void;
  readonly onForget: (id: EndingId) => void;
}

/** Over the list of sessions while an order to end some of them runs: the way back to how far it is. */
export function EndingNotices({ endings, onShow, onForget }: EndingNoticesProps): ReactNode {
  return endings.map((operation) => {
    const { endingId, counts, endedAt, by } = operation;
    const title = endingTitle(operation);
    return (
      <Banner
        key={endingId}
        icon={endedAt === null ? OctagonX : CircleCheck}
        tone="accent"
        action={
          <>
            <Button size="sm" aria-label={`Show: ${title}`} onClick={() => onShow(operation)}>
              Show
            </Button>
            {endedAt === null ? null : <IconButton of={X} label="Put away" onClick={() => onForget(endingId)} />}
          </>
        }
      >
        <b className="medium num">
          {title}
          {endedAt === null ? `: ${settledOf(counts)} done` : '.'}
        </b>{' '}
        <span className="t2">Ordered by {by.name}.</span>
      </Banner>
    );
  });
}
