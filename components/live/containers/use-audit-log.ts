'use client';

import { type Dispatch, useCallback, useEffect, useReducer, useRef } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import {
  type AuditKnown,
  type AuditRead,
  beforeOf,
  begun,
  begunAround,
  grown,
  linesOf,
  pageSize,
  raised,
  refreshed,
  wantedPages,
} from '@/components/admin/audit/audit-known';
import { isWhole } from '@/components/admin/audit/audit-query';
import { useLatest } from '@/components/ui/use-latest';
import type { AuditLook, AuditSide } from '@/lib/domain/audit-look';
import { useLive, useLivePart } from '../hooks';
import type { Live } from '../live';
import type { AuditReadReply } from '@/lib/protocol/command/audit';
import type { Result } from '@/lib/domain/refusal';
import { useFollowing } from './use-following';

const lookAgainMs = 20_000;
/** Of what is in sight and near it, at most so many pages are asked for at once. */
const pagesAtOnce = 3;
/** The next page of what is found is read this many lines before the end. */
const aheadLines = 40;

interface Log {
  readonly look: AuditLook;
  readonly data: AdminData<AuditKnown>;
  readonly more: 'idle' | 'failed';
  /** The entry that was looked for and is not one of this look. */
  readonly absent: number | null;
}

type Heard =
  | { readonly is: 'look'; readonly look: AuditLook }
  | { readonly is: 'newest'; readonly look: AuditLook; readonly read: AuditRead }
  | { readonly is: 'failed'; readonly look: AuditLook; readonly data: Extract<AdminData<never>, { message: string }> }
  | { readonly is: 'page'; readonly look: AuditLook; readonly side: AuditSide; readonly read: AuditRead }
  | { readonly is: 'around'; readonly look: AuditLook; readonly older: AuditRead; readonly newer: AuditRead }
  | { readonly is: 'absent'; readonly look: AuditLook; readonly seq: number }
  | { readonly is: 'more failed'; readonly look: AuditLook };

function unread(look: AuditLook): Log {
  return { look, data: { is: 'loading' }, more: 'idle', absent: null };
}

/** What was asked of another look than the one on screen comes too late. */
function heard(log: Log, news: Heard): Log {
  if (news.is === 'look') return unread(news.look);
  if (news.look !== log.look) return log;
  const known = log.data.is === 'ready' ? log.data.value : null;
  switch (news.is) {
    case 'newest': {
      const next = known === null ? begun(news.read, isWhole(log.look) ? 'all' : 'found') : refreshed(known, news.read);
      // What could not be read is asked for again as often.
      return next === known && log.more === 'idle' ? log : { ...log, more: 'idle', data: { is: 'ready', value: next } };
    }
    case 'failed':
      // What is there stays: it was read, and is not wrong.
      return log.data.is === 'ready' && news.data.is === 'failed' ? log : { ...log, data: news.data };
    case 'page': {
      if (known === null) return log;
      const { side, read } = news;
      const next = 'after' in side ? raised(known, read, side.after) : grown(known, read, side.before ?? 0);
      return { ...log, more: 'idle', data: { is: 'ready', value: next } };
    }
    case 'around':
      return { ...log, more: 'idle', data: { is: 'ready', value: begunAround(news.older, news.newer) } };
    case 'absent':
      return { ...log, absent: news.seq };
    case 'more failed':
      return log.more === 'failed' ? log : { ...log, more: 'failed' };
  }
}

/** What going to a day comes to. */
export type DayFound =
  | { readonly is: 'entry'; readonly seq: number }
  | { readonly is: 'none' }
  | { readonly is: 'failed' };

export interface AuditLog {
  readonly data: AdminData<AuditKnown>;
  readonly more: Log['more'];
  /** The entry that is open is being looked for among what a filter finds. */
  readonly seeking: 'yes' | 'no';
  /** The lines that are drawn. */
  readonly onSeen: (first: number, end: number) => void;
  /** What is in sight and could not be read is asked for again. */
  readonly onAgain: () => void;
  readonly again: () => void;
  /** The last entry until the end of a day, of this look. */
  readonly lastBefore: (at: number) => Promise<DayFound>;
  /** From an entry that was gone to back to the newest. */
  readonly toNewest: () => void;
}

/**
 * The log as a look narrows it: newest first, or around the entry that is open; looked at again while it is seen, what
 * is further away as it comes into sight.
 */
export function useAuditLog(look: AuditLook, chosen: number | null): AuditLog {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [log, tell] = useReducer(heard, look, unread);
  const [round, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => tell({ is: 'look', look }), [look]);
  useEffect(() => {
    if (!isOnline) return;
    void live.read({ type: 'audit.read', look, side: { before: null }, limit: pageSize }).then((reply) => {
      if (reply === null) return;
      if (reply.ok) return tell({ is: 'newest', look, read: reply.value });
      const is = reply.code === 'forbidden' ? 'forbidden' : 'failed';
      tell({ is: 'failed', look, data: { is, message: reply.message } });
    });
  }, [live, isOnline, look, round]);
  useFollowing(again, lookAgainMs);
  const { onSeen, fill } = usePages(log, { look, tell });
  const seeking = useSought(log, { look, chosen, round, tell });
  const lastBefore = useCallback((at: number) => lastOf(live, look, at), [live, look]);
  const onAgain = useCallback((): void => {
    fill();
    again();
  }, [fill]);
  const toNewest = useCallback((): void => {
    tell({ is: 'look', look });
    again();
  }, [look]);
  const data: AdminData<AuditKnown> = log.look === look ? log.data : { is: 'loading' };
  return { data, more: log.more, seeking, onSeen, onAgain, again, lastBefore, toNewest };
}

/** The last entry of a look before an instant. A text is looked for stretch by stretch. */
async function lastOf(live: Pick<Live, 'read'>, look: AuditLook, at: number): Promise<DayFound> {
  const until = { ...look, toAt: look.toAt === null ? at : Math.min(at, look.toAt) };
  for (let before: number | null = null; ; ) {
    const reply: Result<AuditReadReply> | null = await live.read({
      type: 'audit.read',
      look: until,
      side: { before },
      limit: 1,
    });
    if (reply === null || !reply.ok) return { is: 'failed' };
    const [entry] = reply.value.entries;
    if (entry !== undefined) return { is: 'entry', seq: entry.seq };
    before = reply.value.next;
    if (before === null) return { is: 'none' };
  }
}

interface Sought {
  readonly look: AuditLook;
  readonly chosen: number | null;
  readonly round: number;
  readonly tell: Dispatch<Heard>;
}

/** An entry that is open and lies beyond what a filter found so far is read with those around it. */
function useSought(log: Log, { look, chosen, round, tell }: Sought): 'yes' | 'no' {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const known = log.look === look && log.data.is === 'ready' ? log.data.value : null;
  const isSought =
    chosen !== null && known?.is === 'found' && log.absent !== chosen && linesOf(known).placeOf(chosen) < 0;
  useEffect(() => {
    if (!isSought || !isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    const read = (side: AuditSide): Promise<Result<AuditReadReply> | null> =>
      live.read({ type: 'audit.read', look, side, limit: pageSize });
    void Promise.all([read({ before: chosen + 1 }), read({ after: chosen })]).then(([older, newer]) => {
      if (state === 'left' || older === null || newer === null) return;
      if (!older.ok || !newer.ok) return tell({ is: 'more failed', look });
      const isThere = older.value.entries[0]?.seq === chosen;
      tell(
        isThere ? { is: 'around', look, older: older.value, newer: newer.value } : { is: 'absent', look, seq: chosen },
      );
    });
    return () => {
      state = 'left';
    };
  }, [isSought, isOnline, live, look, chosen, round, tell]);
  return isSought ? 'yes' : 'no';
}

/** Reads what comes into sight and is not known yet. */
function usePages(
  log: Log,
  { look, tell }: { readonly look: AuditLook; readonly tell: Dispatch<Heard> },
): { readonly onSeen: AuditLog['onSeen']; readonly fill: () => void } {
  const live = useLivePart();
  const seen = useRef({ first: 0, end: 0 });
  const asked = useRef(new Set<string>());
  useEffect(() => asked.current.clear(), [look]);
  const latest = useLatest(log);
  const fetchPage = useCallback(
    (side: AuditSide): void => {
      const key = JSON.stringify(side);
      if (asked.current.has(key)) return;
      asked.current.add(key);
      void live.read({ type: 'audit.read', look, side, limit: pageSize }).then((reply) => {
        asked.current.delete(key);
        tell(reply?.ok === true ? { is: 'page', look, side, read: reply.value } : { is: 'more failed', look });
      });
    },
    [live, look, tell],
  );
  const fill = useCallback((): void => {
    const now = latest.current;
    if (now === null || now.look !== look || now.data.is !== 'ready') return;
    const known = now.data.value;
    const { first, end } = seen.current;
    if (known.is === 'all') {
      const pages = wantedPages(known, { first, end }).slice(0, pagesAtOnce);
      for (const page of pages) fetchPage({ before: beforeOf(page) });
      return;
    }
    if (known.next !== null && end + aheadLines >= known.entries.length) fetchPage({ before: known.next });
    if (known.newer !== null && first < aheadLines) fetchPage({ after: known.newer });
  }, [latest, look, fetchPage]);
  // What comes may leave a gap in sight, or bring an end that is in sight already.
  useEffect(() => {
    if (log.more !== 'failed') fill();
  }, [log, fill]);
  const onSeen = useCallback(
    (first: number, end: number): void => {
      seen.current = { first, end };
      fill();
    },
    [fill],
  );
  return { onSeen, fill };
}
