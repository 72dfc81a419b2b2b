import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, refuse } from '@/lib/domain/refusal';
import type { LiveState } from '@/components/live/state/live-state';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Push } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import { DeskServer, firstPage } from './desk-server';
import { Page } from './page';
import { ana, ben, commitsOf, detailOf, requestId, sessionId, sessionLog } from './samples';

const one = requestId(1_001);
const session = sessionId(1);
const log = sessionLog(2);
const commits = commitsOf(log);

function changed(count: number): readonly Push[] {
  return commits
    .slice(0, count)
    .flatMap(({ seq, item }): readonly Push[] => (item === null ? [] : [{ type: 'request.changed', seq, item }]));
}

function lastOf(count: number): (typeof commits)[number] {
  const found = commits.slice(0, count).findLast(({ item }) => item?.request.requestId === one);
  if (found === undefined) throw new Error('The request is not open yet.');
  return found;
}

describe('the live part over a real socket', () => {
  let server: DeskServer;
  let page: Page;
  let known = 0;

  beforeEach(async () => {
    known = 0;
    server = new DeskServer();
    server.on('session.watch', ({ afterSeq }) => {
      const summary = commits[known - 1]?.summary;
      if (summary === undefined) return refuse('not_found');
      const fromSeq = afterSeq === null ? Math.max(1, known - 4) : afterSeq + 1;
      const events = log.slice(fromSeq - 1, Math.min(known, fromSeq + 4));
      const more = afterSeq === null ? fromSeq > 1 : events.length === 5;
      return done({ summary, events, origins: [], fromSeq, more });
    });
    server.on('session.page', ({ place }) => {
      const before = place.is === 'before' ? place.seq : known;
      const fromSeq = Math.max(1, before - 5);
      return done({ events: log.slice(fromSeq - 1, before - 1), origins: [], fromSeq, throughSeq: before - 1 });
    });
    page = new Page(await server.listen());
  });

  afterEach(async () => {
    page.live.stop();
    await server.close();
  });

  test('greets first, and counts time by the server', async () => {
    server.serverTime = () => Date.now() + 600_000;
    await page.online();
    expect(server.heard[0]).toEqual({ type: 'hello', version: protocolVersion });
    expect(page.state.person).toEqual(ana);
    expect(Math.abs(page.state.clockOffsetMs - 600_000)).toBeLessThan(1_000);
  });

  test('someone who is not signed in is turned away, and the page does not knock again', async () => {
    server.person = null;
    page.live.start();
    await page.until((state) => state.line.state === 'refused');
    expect(page.state.line).toMatchObject({ state: 'refused', code: 'not_signed_in' });
    expect(server.heard).toEqual([]);
  });

  test('an old page says so and stays away', async () => {
    server.on('hello', () => refuse('old_page'));
    page.live.start();
    await page.until((state) => state.line.state === 'old');
    expect(server.of('queue.watch')).toEqual([]);
  });

  test('I11 when someone else signed in meanwhile, nothing more is asked or shown', async () => {
    await page.online();
    server.person = ben;
    server.cut();
    await page.until((state) => state.line.state === 'refused');
    expect(page.state.line).toMatchObject({ code: 'other_person' });
    expect(server.of('queue.watch')).toHaveLength(1);
  });

  test('a person who may no longer be here is sent to sign in', async () => {
    await page.online();
    server.push({ type: 'person.changed', person: null });
    await page.until((state) => state.line.state === 'refused');
    expect(page.state.line).toMatchObject({ code: 'not_signed_in' });
  });

  test('another role is taken on at once', async () => {
    await page.online();
    server.push(
      { type: 'person.changed', person: { ...ana, role: 'observer' } },
      { type: 'storage.changed', ok: false },
    );
    await page.until((state) => !state.storageOk);
    expect(page.state.person?.role).toBe('observer');
  });

  test('I12 what was missed while the line was away is there after it', async () => {
    await page.online();
    server.on('queue.watch', () =>
      done({
        ...firstPage([lastOf(8).item ?? []].flat()),
        presence: [{ requestId: one, people: [] }],
      }),
    );
    server.cut();
    await page.until((state) => state.line.state === 'offline');
    await page.until((state) => state.queue.rows.length === 1);
    expect(page.state.queue.entries.get(one)?.item.request.state).toBe('open');
    expect(page.state.presence.size).toBe(0);
  });

  test('a burst is drawn in one go', async () => {
    await page.online();
    page.holdFrames();
    let changes = 0;
    const stop = page.live.store.api.subscribe(() => (changes += 1));
    server.push(...changed(commits.length));
    // A reply comes after what was pushed before it, and folds it first.
    await page.live.send({ type: 'queue.counts' });
    stop();
    expect(changes).toBe(1);
    expect(page.state.queue.entries.size).toBe(2);
    page.runFrames();
  });

  test('I12 a session is read from its newest event to its first, and again where something is missing', async () => {
    known = 12;
    await page.online();
    const close = page.live.watching.open(session);
    await page.until((state) => state.watched.get(session)?.timeline.events.size === 12);
    expect(server.of('session.watch').map(({ afterSeq }) => afterSeq)).toEqual([null]);
    expect(server.of('session.page').map(({ place }) => place)).toEqual([
      { is: 'before', seq: 8 },
      { is: 'before', seq: 3 },
    ]);
    known = 20;
    // Events 13 to 19 never come by themselves.
    server.push({ type: 'session.events', sessionId: session, events: log.slice(19, 20) });
    await page.until((state) => state.watched.get(session)?.timeline.events.size === 20);
    expect(server.of('session.page')[2]?.place).toEqual({ is: 'before', seq: 20 });
    close();
    await server.hears('session.unwatch');
  });

  test('I12 the list of sessions comes with the first look, follows what is told, and is read again after the line', async () => {
    known = 3;
    const summary = (): SessionSummary => {
      const found = commits[known - 1]?.summary;
      if (found === undefined) throw new Error('There is no session yet.');
      return found;
    };
    server.on('sessions.watch', () => done({ sessions: [summary()], more: false }));
    const seqOf = (state: LiveState): number | undefined => state.sessions.list[0]?.seq;
    // Asked for before the page knows who looks: it is read once that is known.
    page.live.listing.open({ live: null, search: '' });
    expect(page.state.sessions.status).toBe('idle');
    await page.online();
    const first = await page.until(({ sessions }) => sessions.status === 'ready');
    expect(seqOf(first)).toBe(3);
    known = 5;
    server.push({ type: 'session.changed', summary: summary() });
    await page.until((state) => seqOf(state) === 5);
    known = 7;
    server.cut();
    await page.until((state) => seqOf(state) === 7);
  });

  test('I12 a watched session goes on where it was after the line was lost', async () => {
    known = 7;
    await page.online();
    page.live.watching.open(session);
    await page.until((state) => state.watched.get(session)?.timeline.events.size === 7);
    known = log.length;
    server.cut();
    await page.until((state) => state.watched.get(session)?.timeline.events.size === log.length);
    expect(server.of('session.watch').some(({ afterSeq }) => afterSeq === 7)).toBe(true);
  });

  test('a request on screen moves with its pushes, and what may be done is read again once for each stage', async () => {
    let at = 8;
    server.on('request.read', () => done(detailOf(lastOf(at))));
    await page.online();
    const close = page.live.reading.open(one);
    await page.until((state) => state.details.get(one)?.status === 'ready');
    at = commits.length;
    server.push(...changed(commits.length));
    const state = await page.until(({ details }) => {
      const known = details.get(one);
      return known?.status === 'ready' && known.detail.request.state === 'delivered' && !known.detail.allowed.answer.ok;
    });
    expect(state.details.get(one)).toMatchObject({ readFor: '2 delivered' });
    expect(server.of('request.read')).toHaveLength(2);
    close();
  });

  test('I11 a request that is not there, or not theirs, reads as not found', async () => {
    server.on('request.read', () => refuse('not_found'));
    await page.online();
    page.live.reading.open(one);
    const state = await page.until(({ details }) => details.get(one)?.status === 'failed');
    expect(state.details.get(one)).toMatchObject({ failure: { code: 'not_found' } });
  });

  test('too much at once is asked again a little later', async () => {
    let asked = 0;
    server.on('queue.watch', () => {
      asked += 1;
      return asked === 1 ? refuse('too_many') : done(firstPage([]));
    });
    await page.online();
    expect(asked).toBe(2);
  });

  test('signing out forgets everything', async () => {
    await page.online();
    page.live.answering.typed(one, 'typed');
    expect(page.storage.getItem('holdpoint.drafts')).toContain('typed');
    page.live.forget();
    expect(page.storage.getItem('holdpoint.drafts')).toBeNull();
    expect(page.state.person).toBeNull();
    expect(page.state.drafts.size).toBe(0);
  });
});
