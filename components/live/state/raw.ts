import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionRawReply } from '@/lib/protocol/command/session-raw';
import type { Failure } from './failure';

/** The raw messages of one session, in their order. */
export interface RawView {
  readonly status: 'reading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly messages: readonly RawMessage[];
  /** Read up to here. */
  readonly throughSeq: number;
  readonly heardSeq: number;
}

export type RawState = ReadonlyMap<SessionId, RawView>;

export const newRaw: RawView = { status: 'reading', failure: null, messages: [], throughSeq: 0, heardSeq: 0 };

export function isRawBehind(view: RawView): boolean {
  return view.heardSeq > view.throughSeq;
}

/** Pushed messages: what does not follow is only heard of, and read then. */
export function rawTold(view: RawView, messages: readonly RawMessage[]): RawView {
  const heardSeq = messages.reduce((highest, { seq }) => Math.max(highest, seq), view.heardSeq);
  const fresh: RawMessage[] = [];
  let last = view.throughSeq;
  for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
    if (message.seq <= last) continue;
    if (message.seq > last + 1) break;
    fresh.push(message);
    last = message.seq;
  }
  if (fresh.length === 0) return heardSeq === view.heardSeq ? view : { ...view, heardSeq };
  return { ...view, heardSeq, throughSeq: last, messages: [...view.messages, ...fresh] };
}

/** A page that was read: what is missing inside it is not kept any more. `askedHeardSeq` as for events. */
export function rawReplied(view: RawView, reply: SessionRawReply, askedHeardSeq: number): RawView {
  const fresh = reply.messages.filter(({ seq }) => seq > view.throughSeq).sort((a, b) => a.seq - b.seq);
  const throughSeq = fresh.at(-1)?.seq ?? view.throughSeq;
  const messages = fresh.length === 0 ? view.messages : [...view.messages, ...fresh];
  const next: RawView = {
    status: 'ready',
    failure: null,
    messages,
    throughSeq,
    heardSeq: Math.max(view.heardSeq, throughSeq),
  };
  if (reply.more) return { ...next, heardSeq: Math.max(next.heardSeq, throughSeq + 1) };
  return fresh.length === 0 && next.heardSeq <= askedHeardSeq ? { ...next, heardSeq: throughSeq } : next;
}
