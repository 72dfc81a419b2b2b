import type { RequestKind } from './event';
import type { RequestId, TeamId } from './ids';
import type { Risk } from './tool';

/** The queue's system views. */
export type QueueView = 'mine' | 'teams' | 'expiring' | 'open' | 'answered';
export const queueViews: readonly QueueView[] = ['mine', 'teams', 'expiring', 'open', 'answered'];

/** `deadline`: the real deadline first. `opened`: the newest first. What is over is always by its end, latest first. */
export type QueueOrder = 'deadline' | 'opened';
export const queueOrders: readonly QueueOrder[] = ['deadline', 'opened'];

/** What a person looks at: a view, narrowed. As a URL it can be saved and shared. */
export interface QueueLook {
  readonly view: QueueView;
  /** Every word must be somewhere in the title, server, tool, agent, team, who it is assigned to, or the id. */
  readonly text: string;
  /** Empty for all. */
  readonly kinds: readonly RequestKind[];
  readonly risks: readonly Risk[];
  readonly teams: readonly TeamId[];
  readonly order: QueueOrder;
}

export const openLook: QueueLook = { view: 'open', text: '', kinds: [], risks: [], teams: [], order: 'deadline' };

/** Where a page ends: what it is ordered by, and the id. */
export interface QueuePlace {
  readonly at: number;
  readonly requestId: RequestId;
}

/** Under `expiring`, what ends within this. */
export const expiringMs = 300_000;

export type QueueCounts = { readonly [V in QueueView]: number };
export const noCounts: QueueCounts = { mine: 0, teams: 0, expiring: 0, open: 0, answered: 0 };
