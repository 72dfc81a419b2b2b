import type { ReactNode } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Note } from '@/components/ui/Note';
import type { ToolChange } from '@/lib/domain/tool-change';
import { Diff } from './Diff';

/** Why a call is asked about although its tool ran before: the server says now that it is something else. */
export function ToolChanged({ change }: { readonly change: ToolChange }): ReactNode {
  return (
    <section className="tool-changed" aria-label="What changed of the tool">
      <Note icon={TriangleAlert} tone="danger">
        <p className="medium">The server changed what this tool is</p>
        <p>
          What it says now is not what was accepted, and what it claims of itself is not believed. Your answer is about
          this one call; an admin accepts the change on the page of the server.
        </p>
      </Note>
      <Diff changes={change.changes} />
      {change.more === 0 ? null : <p className="meta">And {change.more} more places.</p>}
    </section>
  );
}
