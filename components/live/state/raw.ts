import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import type { Purge } from '@/lib/domain/retention';
import type { SessionRawReply } from '@/lib/protocol/command/session-raw';
import type { Failure } from './failure';

/** The raw messages of one session in their order, from the newest end as far back as they were asked for. */
export interface RawView {
  readonly status: 'reading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly messages: readonly RawMessage[];
  /** Whether there are messages before the first. */
  readonly older: 'some' | 'none' | 'reading';
  /** Set when messages of the session were purged. */
  readonly purge: Purge | null;
  /** Read up to here; null before the first page. */
  readonly throughSeq: number | null;
  readonly heardSeq: number;
}

export type RawState = ReadonlyMap<SessionId, RawView>;

export const newRaw: RawView = {
  status: 'reading',
  failure: null,
  messages: [],
  older: 'none',
  purge: null,
  throughSeq: null,
  heardSeq: 0,
};

export function isRawBehind(view: RawView): boolean {
  return view.heardSeq > (view.throughSeq ?? 0);
}

/** Pushed messages: what does not follow is only heard of, and read then. */
export function rawTold(view: RawView, messages: readonly RawMessage[]): RawView {
  const heardSeq = messages.reduce((highest, { seq }) => Math.max(highest, seq), view.heardSeq);
  const fresh: RawMessage[] = [];
  let last = view.throughSeq;
  for (const message of last === null ? [] : [...messages].sort((a, b) => a.seq - b.seq)) {
    if (last === null || message.seq <= last) continue;
    if (message.seq > last + 1) break;
    fresh.push(message);
    last = message.seq;
  }
  if (fresh.length === 0) return heardSeq === view.heardSeq ? view : { ...view, heardSeq };
  return { ...view, heardSeq, throughSeq: last, messages: [...view.messages, ...fresh] };
}

/** The newest page, with which a view begins. */
export function rawBegun(view: RawView, reply: SessionRawReply): RawView {
  const messages = [...reply.messages].sort((a, b) => a.seq - b.seq);
  const throughSeq = messages.at(-1)?.seq ?? 0;
  return {
    status: 'ready',
    failure: null,
    messages,
    older: reply.more ? 'some' : 'none',
    purge: reply.purge,
    throughSeq,
    // What was heard of meanwhile is read after this page, where it is not in it.
    heardSeq: Math.max(view.heardSeq, throughSeq),
  };
}

/** A page of what follows: what is missing inside it is not kept any more. `askedHeardSeq` as for events. */
export function rawReplied(view: RawView, reply: SessionRawReply, askedHeardSeq: number): RawView {
  const before = view.throughSeq ?? 0;
  const fresh = reply.messages.filter(({ seq }) => seq > before).sort((a, b) => a.seq - b.seq);
  const throughSeq = fresh.at(-1)?.seq ?? before;
  const messages = fresh.length === 0 ? view.messages : [...view.messages, ...fresh];
  const heardSeq = Math.max(view.heardSeq, throughSeq);
  const next: RawView = { ...view, status: 'ready', failure: null, messages, throughSeq, heardSeq, purge: reply.purge };
  if (reply.more) return { ...next, heardSeq: Math.max(next.heardSeq, throughSeq + 1) };
  return fresh.length === 0 && next.heardSeq <= askedHeardSeq ? { ...next, heardSeq: throughSeq } : next;
}

/** A page of what was before. */
export function rawPreceded(view: RawView, reply: SessionRawReply): RawView {
  const first = view.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = reply.messages.filter(({ seq }) => seq < first).sort((a, b) => a.seq - b.seq);
  return {
    ...view,
    messages: older.length === 0 ? view.messages : [...older, ...view.messages],
    older: reply.more ? 'some' : 'none',
    purge: reply.purge,
  };
}
