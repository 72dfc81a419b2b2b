import type { Json } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';

/** What would be sent: as people edited it, or as the agent asked (I6). */
export function shownArguments({ edited, arguments: asked }: RequestDetail): Json | null {
  return edited ?? asked;
}
