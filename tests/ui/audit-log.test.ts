import { describe, expect, it } from 'vitest';
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
import { pageOfSubject, sessionPage } from '@/components/admin/audit/audit-places';
import { auditHref, entryHref, readAuditLook, readEntry } from '@/components/admin/audit/audit-query';
import type { AuditEntry } from '@/lib/domain/audit';
import { wholeAudit } from '@/lib/domain/audit-look';
import { draftOf } from '@/tests/store/contract/audit';

function entryOf(seq: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return { ...draftOf(`team_${seq}`), seq, prev: 'p', hash: `h${seq}`, ...more };
}

/** A log as a server pages it. */
class Log {
  first = 1;
  readonly gone = new Set<number>();

  constructor(public last: number) {}

  read(before: number | null, limit = pageSize): AuditRead {
    const entries: AuditEntry[] = [];
    let next: number | null = null;
    for (let seq = (before ?? this.last + 1) - 1; seq >= this.first; seq -= 1) {
      if (this.gone.has(seq)) continue;
      if (entries.length === limit) {
        next = entries.at(-1)?.seq ?? null;
        break;
      }
      entries.push(entryOf(seq));
    }
    const ends = this.last < this.first ? null : { first: this.first, last: this.last };
    return { entries, next, ends, health: { state: 'unverified' } };
  }
}

/** What is newer than an entry, as a server pages it. */
function readUp(log: Log, after: number): AuditRead {
  const last = Math.min(after + pageSize, log.last);
  const entries = Array.from({ length: last - after }, (_one, at) => entryOf(last - at));
  return { ...log.read(null, 1), entries, next: last < log.last ? last : null };
}

/** Reads what is in sight until nothing is missing there, as the page does. */
function filled(known: AuditKnown, log: Log, lines: { first: number; end: number }): AuditKnown {
  let now = known;
  for (let round = 0; round < 10; round += 1) {
    const [page] = now.is === 'all' ? wantedPages(now, lines) : [];
    if (page === undefined) return now;
    now = grown(now, log.read(beforeOf(page)), beforeOf(page));
  }
  throw new Error('it never comes to an end');
}

function shown(known: AuditKnown, from: number, count: number): readonly string[] {
  const lines = linesOf(known);
  return Array.from({ length: count }, (_one, at) => {
    const line = lines.at(from + at);
    return line === undefined ? 'none' : `${line.is} ${line.seq}`;
  });
}

describe('a log of 100,000 entries', () => {
  const log = new Log(100_000);

  it('has all its lines at once, and reads those in sight', () => {
    const known = begun(log.read(null), 'all');
    expect(linesOf(known).length).toBe(100_000);
    expect(shown(known, 0, 2)).toEqual(['entry 100000', 'entry 99999']);
    expect(shown(known, 50_000, 1)).toEqual(['unread 50000']);
    const far = filled(known, log, { first: 50_000, end: 50_040 });
    expect(shown(far, 50_000, 40).every((line) => line.startsWith('entry'))).toBe(true);
    expect(linesOf(far).placeOf(50_000)).toBe(50_000);
    const end = filled(far, log, { first: 99_960, end: 100_000 });
    expect(shown(end, 99_999, 2)).toEqual(['entry 1', 'none']);
  });

  it('keeps what was seen last, and no more than it needs', () => {
    let known = begun(log.read(null), 'all');
    for (let at = 0; at < 100_000; at += 500) known = filled(known, log, { first: at, end: at + 40 });
    if (known.is !== 'all') throw new Error('not all');
    expect(known.entries.size).toBeLessThan(10_000);
    expect(shown(known, 99_500, 1)).toEqual(['entry 500']);
    expect(shown(known, 0, 1)).toEqual(['unread 100000']);
    expect(shown(filled(known, log, { first: 0, end: 10 }), 0, 1)).toEqual(['entry 100000']);
  });
});

describe('what is new', () => {
  it('is on top, and what was read stays', () => {
    const log = new Log(250);
    const before = filled(begun(log.read(null), 'all'), log, { first: 0, end: 250 });
    log.last = 420;
    const after = refreshed(before, log.read(null));
    expect(shown(after, 0, 1)).toEqual(['entry 420']);
    expect(linesOf(after).length).toBe(420);
    const all = filled(after, log, { first: 0, end: 420 });
    expect(shown(all, 0, 420).every((line) => line.startsWith('entry'))).toBe(true);
    // The very same when nothing is new: nothing is drawn again.
    expect(refreshed(all, log.read(null))).toBe(all);
  });

  it('of what a filter finds comes on top as well, or begins anew when more came than is known', () => {
    const log = new Log(250);
    const known = begun(log.read(null), 'found');
    log.last = 252;
    expect(shown(refreshed(known, log.read(null)), 0, 3)).toEqual(['entry 252', 'entry 251', 'entry 250']);
    log.last = 900;
    const anew = refreshed(known, log.read(null));
    expect(shown(anew, 0, 1)).toEqual(['entry 900']);
    expect(linesOf(anew).length).toBe(100);
  });
});

describe('what was found', () => {
  it('is read on from where it ends, each once, and a late reply of before is left aside', () => {
    const log = new Log(150);
    const known = begun(log.read(null), 'found');
    if (known.is !== 'found' || known.next === null) throw new Error('nothing older');
    const older = log.read(known.next);
    const all = grown(known, older, known.next);
    expect(linesOf(all).length).toBe(150);
    expect(grown(all, older, known.next)).toBe(all);
  });
});

describe('what was found around an entry that was gone to', () => {
  it('goes on in both directions, each entry once, and takes what is new only where it follows', () => {
    const log = new Log(1_000);
    const around = begunAround(log.read(501), readUp(log, 500));
    expect(shown(around, 0, 1)).toEqual(['entry 600']);
    expect(linesOf(around).placeOf(500)).toBe(100);
    // What is newest does not follow upon it.
    log.last = 1_001;
    expect(refreshed(around, log.read(null))).toBe(around);
    let known: AuditKnown = around;
    while (known.is === 'found' && known.newer !== null) {
      const after: number = known.newer;
      known = raised(known, readUp(log, after), after);
      // Said twice.
      expect(raised(known, readUp(log, after), after)).toBe(known);
    }
    expect(shown(known, 0, 2)).toEqual(['entry 1001', 'entry 1000']);
    expect(linesOf(known).placeOf(500)).toBe(501);
    log.last = 1_003;
    expect(shown(refreshed(known, log.read(null)), 0, 3)).toEqual(['entry 1003', 'entry 1002', 'entry 1001']);
    if (known.is !== 'found' || known.next === null) throw new Error('nothing older');
    const older = grown(known, log.read(known.next), known.next);
    expect(linesOf(older).length).toBe(linesOf(known).length + pageSize);
  });
});

describe('a broken log (I15)', () => {
  it('shows the places of entries that are not there, and is read all the same', () => {
    const log = new Log(300);
    for (const seq of [120, 121, 300, 1]) log.gone.add(seq);
    const known = filled(begun(log.read(null), 'all'), log, { first: 0, end: 300 });
    const missing = shown(known, 0, 300).filter((line) => !line.startsWith('entry'));
    expect(missing).toEqual(['missing 300', 'missing 121', 'missing 120', 'missing 1']);
  });

  it('begins anew when its end is gone', () => {
    const log = new Log(300);
    const known = begun(log.read(null), 'all');
    log.last = 200;
    expect(linesOf(refreshed(known, log.read(null))).length).toBe(200);
  });
});

describe('dropped entries', () => {
  it('have no lines', () => {
    const log = new Log(500);
    log.first = 430;
    const known = filled(begun(log.read(null), 'all'), log, { first: 0, end: 71 });
    expect(shown(known, 69, 3)).toEqual(['entry 431', 'entry 430', 'none']);
  });
});

describe('addresses', () => {
  it('hold the filters and the open entry', () => {
    const look = { ...wholeAudit, act: 'rules.saved', text: 'ana & co', about: 'ses_1' } as const;
    const query = new URLSearchParams(auditHref(look, 77).split('?')[1]);
    expect(readAuditLook(query)).toEqual(look);
    expect(readEntry(query)).toBe(77);
    expect(entryHref(5)).toBe('/audit?entry=5');
    for (const text of ['0', '-1', '1e3', '٣', '9'.repeat(30)])
      expect(readEntry(new URLSearchParams({ entry: text }))).toBeNull();
  });

  it('lead from an entry to what it is about, and to its moment in its session', () => {
    const at = Date.parse('2026-03-01T10:00:00Z');
    const answered = entryOf(1, {
      at,
      about: { kind: 'request', id: 'req_1', name: null },
      facts: { session: 'ses_1', event: 9 },
    });
    expect(pageOfSubject(answered)).toBe('/queue/req_1');
    expect(sessionPage(answered)).toBe('/sessions/ses_1?at=2026-03-01T10:00:00.000Z#9');
    const revealed = entryOf(2, { about: { kind: 'call', id: 'call_1', name: 'pay' }, facts: { session: 'ses_1' } });
    expect(pageOfSubject(revealed)).toBe('/sessions/ses_1?lane=call_1');
    // A server chooses names: they stay within their part of an address.
    const tool = entryOf(3, { about: { kind: 'tool', id: 'x', name: 'x' }, facts: { server: '../..//evil?' } });
    expect(pageOfSubject(tool)).toBe('/servers/..%2F..%2F%2Fevil%3F');
    expect(pageOfSubject(entryOf(4, { about: { kind: 'everything', id: 'audit', name: null } }))).toBeNull();
  });
});
