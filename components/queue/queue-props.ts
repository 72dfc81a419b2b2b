import type { ReactNode } from 'react';
import type { PresentPerson } from '@/components/request/request-props';
import type { RequestId } from '@/lib/domain/ids';
import type { Pause } from '@/lib/domain/pause';
import type { Person } from '@/lib/domain/permission';
import type { QueueRow } from '@/lib/domain/queue';
import type { QueueCounts, QueueLook, QueuePlace } from '@/lib/domain/queue-query';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { TeamRef } from '@/lib/domain/team';

export type QueueContent =
  | { readonly state: 'loading' }
  | { readonly state: 'unreached' }
  | { readonly state: 'failed'; readonly words: string }
  | { readonly state: 'forbidden'; readonly words: string }
  | ReadyContent;

export interface ReadyContent {
  readonly state: 'ready';
  /** The part of the look that was read, in its order. */
  readonly rows: readonly QueueRow[];
  readonly itemOf: (id: RequestId) => QueueItem | undefined;
  /** How far it was read; null when nothing more is there. */
  readonly floor: QueuePlace | null;
  /** `part`: what happened to be known of the look, until it was read. */
  readonly phase: 'part' | 'read';
  readonly page: 'idle' | 'reading' | 'failed';
}

export interface QueueScreenProps {
  readonly content: QueueContent;
  readonly look: QueueLook;
  readonly counts: QueueCounts;
  readonly me: Person;
  readonly clockOffsetMs: number;
  readonly selected: RequestId | null;
  /** What a phone shows; `request` also where the address names none that is here. */
  readonly open: 'list' | 'request';
  /** Requests this person has looked at. */
  readonly seen: ReadonlySet<string>;
  /** Open requests that hold their unsent text and that no view of theirs would show. */
  readonly begun: readonly QueueItem[];
  /** What they typed or answered that is still here in the browser, in a word or two. */
  readonly kept: ReadonlyMap<string, string>;
  /** Their last answer. */
  readonly last: QueueItem | null;
  /** What is paused now, however long still. */
  readonly pauses: readonly Pause[];
  readonly presence: ReadonlyMap<string, readonly PresentPerson[]>;
  /** What is typed into the search, ahead of the look. */
  readonly typed: string;
  /** Teams to filter by, once they were asked for. */
  readonly teams: readonly TeamRef[];
  readonly picked: ReadonlySet<RequestId>;
  readonly onType: (text: string) => void;
  readonly onLook: (look: QueueLook) => void;
  readonly onTeams: () => void;
  readonly onPicked: (picked: ReadonlySet<RequestId>) => void;
  readonly onMore: () => void;
  /** The request that `j` would open: it may be read ahead. */
  readonly onNear: (id: RequestId) => void;
  readonly onRetry: () => void;
  /** Names the present look; null where it cannot be saved, or is. */
  readonly onSaveView: (() => void) | null;
  /** The saved view that is the present look, by its name. */
  readonly savedAs: string | null;
  /** What is done with the picked ones. */
  readonly bulk: ReactNode;
  /** A quiet word above the list, or null. */
  readonly aside: ReactNode;
  /** The right pane: a request, or a word about why there is none. */
  readonly detail: ReactNode;
}
