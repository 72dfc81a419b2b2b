import type { Era, EventOf, SessionEvent, TransportKind } from '../event';
import type { ConnectionId } from '../ids';
import { type Draft, patchAt } from './draft';

export type RailState = 'opening' | 'ready' | 'reattaching';

export interface RailPart {
  readonly state: RailState;
  readonly from: number;
  readonly to: number | null;
  /** Why it is reattaching. */
  readonly why: string | null;
}

/** One connection, as the rail in its server's head row. */
export interface Rail {
  /** Of its opening. */
  readonly seq: number;
  readonly connectionId: ConnectionId;
  readonly server: string;
  readonly transport: TransportKind;
  readonly era: Era;
  readonly protocolVersion: string | null;
  readonly from: number;
  readonly to: number | null;
  readonly parts: readonly RailPart[];
  /** The `seq` of each time it became ready: from the second on it was reattached. */
  readonly readies: readonly number[];
  readonly end: 'lost' | 'closed' | null;
  readonly why: string | null;
  readonly deleteStatus: number | null;
}

export type DraftRail = Draft<Rail>;
export type RailEvent = Extract<SessionEvent, { readonly type: `connection.${string}` }>;

export function openRail(event: EventOf<'connection.opening'>): DraftRail {
  const { seq, connectionId, server, transport, era, at } = event;
  const facts = { seq, connectionId, server, transport, era, protocolVersion: null, from: at, to: null };
  const parts: RailPart[] = [{ state: 'opening', from: at, to: null, why: null }];
  return { ...facts, parts, readies: [], end: null, why: null, deleteStatus: null };
}

/** Draws one event on its rail. */
export function foldRail(rail: DraftRail, event: RailEvent): void {
  if (event.type === 'connection.opening' || rail.to !== null) return;
  patchAt(rail.parts, rail.parts.length - 1, { to: event.at });
  switch (event.type) {
    case 'connection.ready':
      rail.protocolVersion = event.protocolVersion;
      rail.readies.push(event.seq);
      rail.parts.push({ state: 'ready', from: event.at, to: null, why: null });
      return;
    case 'connection.reattaching':
      rail.parts.push({ state: 'reattaching', from: event.at, to: null, why: event.why });
      return;
    case 'connection.lost':
      rail.to = event.at;
      rail.end = 'lost';
      rail.why = event.why;
      return;
    case 'connection.closed':
      rail.to = event.at;
      rail.end = 'closed';
      rail.deleteStatus = event.deleteStatus;
  }
}

/** Since when and why a connection is being reattached; null while it is not. */
export function reattachingSince(rail: Rail): { readonly at: number; readonly why: string } | null {
  const last = rail.parts[rail.parts.length - 1];
  if (rail.to !== null || last === undefined || last.state !== 'reattaching') return null;
  return { at: last.from, why: last.why ?? '' };
}
