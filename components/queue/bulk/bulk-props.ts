import type { AnswerAction } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';

/** A picked request as it was read for the dialog. */
export type BulkRead =
  | { readonly id: RequestId; readonly ok: true; readonly detail: RequestDetail }
  | { readonly id: RequestId; readonly ok: false; readonly why: string };

export interface BulkDecision {
  readonly action: Exclude<AnswerAction, 'cancel'>;
  readonly reason: string | null;
  readonly content: JsonObject | null;
}

/** What became of one of them. */
export type BulkResult =
  | { readonly is: 'waiting' }
  | { readonly is: 'saved'; readonly words: string }
  | { readonly is: 'failed'; readonly words: string };

export interface BulkDialogProps {
  /** Null while they are being read. */
  readonly reads: readonly BulkRead[] | null;
  /** By request, once they are being sent. */
  readonly results: ReadonlyMap<RequestId, BulkResult> | null;
  readonly onSend: (details: readonly RequestDetail[], decision: BulkDecision) => void;
  readonly onClose: () => void;
}
