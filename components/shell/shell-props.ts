import type { ReactNode } from 'react';
import type { RequestId } from '@/lib/domain/ids';
import type { QueueCounts } from '@/lib/domain/queue-query';
import type { SavedView } from '@/lib/protocol/command/me';
import type { Person } from '@/lib/domain/permission';

/** How the page stands with the server. */
export type Connection =
  /** The first contact has not been made yet. */
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  | { readonly state: 'offline'; readonly sinceAt: number }
  /** The page speaks an older protocol than the server. */
  | { readonly state: 'old_page' };

export interface ShellCounts extends QueueCounts {
  readonly liveSessions: number;
}

/** A request as the palette names it. */
export interface FoundRequest {
  readonly id: RequestId;
  readonly title: string;
  readonly from: string;
}

export interface ShellProps {
  readonly person: Person;
  readonly counts: ShellCounts;
  readonly connection: Connection;
  readonly storage: 'ok' | 'away';
  /** Path and query of the page, for example `/queue?view=mine`. */
  readonly path: string;
  /** Empty until they were read. */
  readonly views: readonly SavedView[];
  /** Null when they were saved, else why not. */
  readonly onSaveViews: (views: readonly SavedView[]) => Promise<string | null>;
  /** Requests by their words or id, over everything visible; null when nobody could be asked. */
  readonly onFind: (text: string) => Promise<readonly FoundRequest[] | null>;
  /** Null for who may not. */
  readonly onStopEverything: (() => void) | null;
  readonly onSignOut: () => void;
  readonly onRetry: () => void;
  /** What everyone must know besides: what is paused. */
  readonly notice: ReactNode;
  readonly children: ReactNode;
}
