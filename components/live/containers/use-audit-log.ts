'use client';

import { type Dispatch, useCallback, useEffect, useReducer, useRef } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import {
  type AuditKnown,
  type AuditRead,
  beforeOf,
  begun,
  grown,
  pageSize,
  refreshed,
  wantedPages,
} from '@/components/admin/audit/audit-known';
import { isWhole } from '@/components/admin/audit/audit-query';
import { useLatest } from '@/components/ui/use-latest';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { useLive, useLivePart } from '../hooks';
import { useFollowing } from './use-following';

const lookAgainMs = 20_000;
/** Of what is in sight and near it, at most so many pages are asked for at once. */
const pagesAtOnce = 3;
/** The next page of what is found is read this many lines before the end. */
const aheadLines = 40;

interface Log {
  readonly look: AuditLook;
  readonly data: AdminData<AuditKnown>;
  readonly more: 'idle' | 'loading' | 'failed';
}

type Heard =
  | { readonly is: 'look'; readonly look: AuditLook }
  | { readonly is: 'newest'; readonly look: AuditLook; readonly read: AuditRead }
  | { readonly is: 'failed'; readonly look: AuditLook; readonly data: Extract<AdminData<never>, { message: string }> }
  | { readonly is: 'page'; readonly look: AuditLook; readonly before: number; readonly read: AuditRead }
  | { readonly is: 'more'; readonly look: AuditLook; readonly more: Log['more'] };

/** What was asked of another look than the one on screen comes too late. */
function heard(log: Log, news: Heard): Log {
  if (news.is === 'look') return { look: news.look, data: { is: 'loading' }, more: 'idle' };
  if (news.look !== log.look) return log;
  switch (news.is) {
    case 'newest': {
      const known = log.data.is === 'ready' ? log.data.value : null;
      const next = known === null ? begun(news.read, isWhole(log.look) ? 'all' : 'found') : refreshed(known, news.read);
      // What could not be read is asked for again as often.
      const more = log.more === 'failed' ? 'idle' : log.more;
      return next === known && more === log.more ? log : { ...log, more, data: { is: 'ready', value: next } };
    }
    case 'failed':
      // What is there stays: it was read, and is not wrong.
      return log.data.is === 'ready' && news.data.is === 'failed' ? log : { ...log, data: news.data };
    case 'page':
      if (log.data.is !== 'ready') return log;
      return { ...log, more: 'idle', data: { is: 'ready', value: grown(log.data.value, news.read, news.before) } };
    case 'more':
      return log.more === news.more ? log : { ...log, more: news.more };
  }
}

export interface AuditLog {
  readonly data: AdminData<AuditKnown>;
  readonly more: Log['more'];
  /** The lines that are drawn. */
  readonly onSeen: (first: number, end: number) => void;
  /** What is in sight and could not be read is asked for again. */
  readonly onAgain: () => void;
  readonly again: () => void;
  /** The last entry until the end of a day, of this look; null when there is none, or it could not be looked for. */
  readonly lastBefore: (at: number) => Promise<number | null>;
}

/** The log as a look narrows it: newest first, looked at again while it is seen, older pages as they come into sight. */
export function useAuditLog(look: AuditLook): AuditLog {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [log, tell] = useReducer(heard, { look, data: { is: 'loading' }, more: 'idle' });
  const [round, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => tell({ is: 'look', look }), [look]);
  useEffect(() => {
    if (!isOnline) return;
    void live.read({ type: 'audit.read', look, before: null, limit: pageSize }).then((reply) => {
      if (reply === null) return;
      if (reply.ok) return tell({ is: 'newest', look, read: reply.value });
      const is = reply.code === 'forbidden' ? 'forbidden' : 'failed';
      tell({ is: 'failed', look, data: { is, message: reply.message } });
    });
  }, [live, isOnline, look, round]);
  useFollowing(again, lookAgainMs);
  const { onSeen, fill } = usePages(log, { look, tell });
  const lastBefore = useCallback(
    async (at: number): Promise<number | null> => {
      const toAt = look.toAt === null ? at : Math.min(at, look.toAt);
      const until = { ...(isWhole(look) ? wholeAudit : look), toAt };
      const reply = await live.read({ type: 'audit.read', look: until, before: null, limit: 1 });
      return reply?.ok === true ? (reply.value.entries[0]?.seq ?? null) : null;
    },
    [live, look],
  );
  const data: AdminData<AuditKnown> = log.look === look ? log.data : { is: 'loading' };
  return { data, more: log.more, onSeen, onAgain: fill, again, lastBefore };
}

/** Reads what comes into sight and is not known yet. */
function usePages(
  log: Log,
  { look, tell }: { readonly look: AuditLook; readonly tell: Dispatch<Heard> },
): { readonly onSeen: AuditLog['onSeen']; readonly fill: () => void } {
  const live = useLivePart();
  const seen = useRef({ first: 0, end: 0 });
  const asked = useRef(new Set<number>());
  useEffect(() => asked.current.clear(), [look]);
  const latest = useLatest(log);
  const fetchPage = useCallback(
    (before: number): void => {
      if (asked.current.has(before)) return;
      asked.current.add(before);
      tell({ is: 'more', look, more: 'loading' });
      void live.read({ type: 'audit.read', look, before, limit: pageSize }).then((reply) => {
        asked.current.delete(before);
        if (reply?.ok === true) tell({ is: 'page', look, before, read: reply.value });
        else tell({ is: 'more', look, more: 'failed' });
      });
    },
    [live, look, tell],
  );
  const fill = useCallback((): void => {
    const now = latest.current;
    if (now === null || now.look !== look || now.data.is !== 'ready') return;
    const known = now.data.value;
    const { first, end } = seen.current;
    if (known.is === 'all')
      for (const page of wantedPages(known, { first, end }).slice(0, pagesAtOnce)) fetchPage(beforeOf(page));
    else if (known.next !== null && end + aheadLines >= known.entries.length) fetchPage(known.next);
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
