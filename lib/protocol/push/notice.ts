import type { NoticeKind } from '@/lib/domain/notice';

/** Something this person asked to be told of, for a desktop notification. Never what is asked or answered (I14). */
export interface NoticePush {
  readonly type: 'notice';
  readonly id: string;
  readonly kind: NoticeKind | 'digest';
  readonly title: string;
  readonly body: string;
  /** Of ours, such as `/queue/req_…`. */
  readonly path: string;
}
