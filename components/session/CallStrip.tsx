import type { ReactNode } from 'react';
import OctagonX from 'lucide-react/icons/octagon-x';
import { Button } from '@/components/ui/Button';
import type { Lane } from '@/lib/domain/timeline/lane-model';

export interface CallStripProps {
  readonly lane: Lane;
  /** Why it may not be cancelled; null when it may. */
  readonly refusal: string | null;
  readonly onCancel: () => void;
}

/** What can be done with the chosen call while it is open. */
export function CallStrip({ lane, refusal, onCancel }: CallStripProps): ReactNode {
  if (lane.outcome !== null) return null;
  return (
    <section className="call-strip" aria-label="Chosen call">
      <span className="mono medium cut">{lane.tool}</span>
      <span className="meta cut grow">
        on {lane.server}
        {refusal === null ? '' : `. ${refusal}`}
      </span>
      <Button size="sm" look="danger" icon={OctagonX} disabled={refusal !== null} onClick={onCancel}>
        Cancel call…
      </Button>
    </section>
  );
}
