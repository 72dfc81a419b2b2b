import type { ReactNode } from 'react';
import Inbox from 'lucide-react/icons/inbox';
import { EmptyState } from '@/components/ui/EmptyState';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

/** The right pane while nothing is chosen. */
export function NothingChosen({ open }: { readonly open: number }): ReactNode {
  return (
    <EmptyState icon={Inbox} title={open === 0 ? 'Nothing to decide' : 'Pick a request'}>
      {open === 0
        ? 'What agents’ tools ask shows up here by itself.'
        : 'J and K go through the list, Enter goes into the request.'}
    </EmptyState>
  );
}

export function RequestLoading(): ReactNode {
  return (
    <Skeleton label="Loading the request">
      <div className="bar">
        <Bone width="90px" />
      </div>
      <div className="stack r-bones">
        <Bone width="38%" height="8px" />
        <Bone width="64%" height="16px" />
        <Bone width="88%" />
        <Bone width="100%" height="58px" />
      </div>
      <div className="stack r-bones">
        <Bone width="120px" height="8px" />
        <Bone width="100%" height="32px" />
        <Bone width="90px" height="8px" />
        <Bone width="100%" height="32px" />
        <Bone width="140px" height="8px" />
        <Bone width="100%" height="32px" />
      </div>
    </Skeleton>
  );
}
