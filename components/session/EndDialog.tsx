'use client';

import type { ReactNode } from 'react';
import type { Refusal } from '@/lib/domain/refusal';
import type { EndPreview } from '@/lib/domain/end-preview';
import type { Timeline } from '@/lib/domain/timeline';
import { EndUnknownDialog } from '@/components/ending/EndUnknownDialog';
import { EndPreviewDialog } from './EndPreviewDialog';
import { EndProofDialog } from './EndProofDialog';

/** How far the ending is. The proof itself comes from the session's events. */
export type EndProgress =
  | { readonly is: 'loading' }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | {
      readonly is: 'preview';
      readonly preview: EndPreview;
      readonly sending: 'idle' | 'sending';
      readonly refusal: Refusal | null;
    };

export interface EndDialogProps {
  readonly progress: EndProgress;
  readonly timeline: Timeline;
  readonly now: number;
  readonly onEnd: (reason: string) => void;
  readonly onForce: () => void;
  /** Asks once more what ending would do. */
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** Ending a session: what will happen and why; then, in its place, the proof of what did (I10). */
export function EndDialog(props: EndDialogProps): ReactNode {
  const { progress, timeline, now, onEnd, onForce, onAgain, onClose } = props;
  const ending = timeline.life?.ending ?? null;
  if (ending !== null)
    return <EndProofDialog ending={ending} timeline={timeline} onForce={onForce} onClose={onClose} />;
  if (progress.is === 'preview') {
    const { preview, sending, refusal } = progress;
    return (
      <EndPreviewDialog
        preview={preview}
        sending={sending}
        refusal={refusal}
        now={now}
        onEnd={onEnd}
        onClose={onClose}
      />
    );
  }
  return (
    <EndUnknownDialog
      title="End this session?"
      refusal={progress.is === 'loading' ? null : progress.refusal.message}
      onAgain={onAgain}
      onClose={onClose}
    />
  );
}
