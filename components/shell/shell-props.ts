import type { ReactNode } from 'react';
import type { QueueCounts } from '@/lib/domain/queue';
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

export interface ShellProps {
  readonly person: Person;
  readonly counts: ShellCounts;
  readonly connection: Connection;
  readonly storage: 'ok' | 'away';
  /** Path and query of the page, for example `/queue?view=mine`. */
  readonly path: string;
  readonly onSignOut: () => void;
  readonly onRetry: () => void;
  readonly children: ReactNode;
}
