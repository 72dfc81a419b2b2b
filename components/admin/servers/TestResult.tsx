import type { ReactNode } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import type { ServerTest } from '@/lib/domain/server';
import { spanWords } from '@/lib/domain/timeline/time-words';
import { eraWords } from './era-words';

const namedMost = 30;

/** What a trial connection found, or exactly what failed and what to do. */
export function TestResult({ test }: { readonly test: ServerTest }): ReactNode {
  if (!test.ok)
    return (
      <Note icon={TriangleAlert} tone="danger" live="alert">
        <p className="medium">{visibleText(test.message)}</p>
        <p>{test.advice}</p>
        <p className="meta">after {spanWords(test.tookMs)}</p>
      </Note>
    );
  const { handshake, tools, toolCount, toolsProblem } = test;
  return (
    <Note icon={CircleCheck} tone="ok" live="status">
      <p className="medium">
        Reached {visibleText(handshake.name)} {visibleText(handshake.version)} in {spanWords(test.tookMs)}
      </p>
      <p>{eraWords(handshake)}</p>
      {toolsProblem === null ? (
        <p>
          {toolCount === 0 ? 'It offers no tools.' : `${toolCount === 1 ? '1 tool' : `${toolCount} tools`}: `}
          <span className="mono">
            {tools
              .slice(0, namedMost)
              .map(({ name }) => visibleText(name))
              .join(', ')}
            {toolCount > namedMost ? '…' : ''}
          </span>
        </p>
      ) : (
        <p className="danger-text">{visibleText(toolsProblem)}</p>
      )}
    </Note>
  );
}
