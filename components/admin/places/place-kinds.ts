import { type NoticeKind, noticeKindWords } from '@/lib/domain/notice';

/** A place is nobody: where a person reads "you", it is told of the team's. */
const ofPlaces: { readonly [K in NoticeKind]?: string } = {
  opened: 'A request waits',
  escalated: 'A request was escalated',
  stalled: 'A server stalled during a call',
  session_expiring: 'A call is about to reach a limit of its server or agent',
};

export function placeKindWords(kind: NoticeKind): string {
  return ofPlaces[kind] ?? noticeKindWords[kind];
}
