import type { ReactNode } from 'react';
import Unplug from 'lucide-react/icons/unplug';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { resultLostWhy } from './call-words';

/** The stream of the call is gone while its session lives: the answer arrives, the result does not. */
export function ResultLost({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const why = resultLostWhy(detail.call);
  if (why === null) return null;
  const { request, summary } = detail;
  return (
    <Note icon={Unplug} tone="person" live="status">
      <p className="medium">Your answer will reach the tool, its result cannot come back</p>
      <p className="t2">
        {visibleText(why)} {request.server} still takes the answer. {summary.session.agent.name} will hear that the
        outcome is unknown.
      </p>
    </Note>
  );
}
