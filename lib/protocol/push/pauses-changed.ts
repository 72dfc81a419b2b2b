import type { PauseList } from '@/lib/domain/pause';

/** Everything that is paused now; of two, the one with the higher `seq` is newer (I12). */
export interface PausesChangedPush {
  readonly type: 'pauses.changed';
  readonly list: PauseList;
}
