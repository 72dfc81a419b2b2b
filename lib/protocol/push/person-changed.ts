import type { Person } from '@/lib/domain/permission';

/** The person of this socket changed; null when they may no longer be here. */
export interface PersonChangedPush {
  readonly type: 'person.changed';
  readonly person: Person | null;
}
