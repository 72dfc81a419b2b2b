import type { ReactNode } from 'react';
import CornerUpLeft from 'lucide-react/icons/corner-up-left';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { notRunWords } from './not-run-words';

/** The server turned the call back: nothing was done, and nothing is until its pages are visited. */
export function NotRun({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const said = notRunWords(detail);
  if (said === null) return null;
  return (
    <Note icon={CornerUpLeft} tone="person">
      <p className="medium">{visibleText(said.title)}</p>
      <p className="t2">{visibleText(said.words)}</p>
    </Note>
  );
}
