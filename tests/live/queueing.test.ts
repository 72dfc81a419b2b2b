import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerPicked, readPicked } from '@/components/live/containers/bulk-answering';
import type { BulkResult } from '@/components/queue/bulk/bulk-props';
import type { AgentId, RequestId } from '@/lib/domain/ids';
import { comparePlaces, rowOf } from '@/lib/domain/queue';
import { noCounts, openLook, type QueueLook, type QueuePlace } from '@/lib/domain/queue-query';
import { done, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem, RequestDetail } from '@/lib/domain/request-detail';
import type { QueuePageReply } from '@/lib/protocol/command/queue-watch';
import { openForm } from '@/tests/ui/request-samples';
import { DeskServer } from './desk-server';
import { Page } from './page';
import { commitsOf, detailOf, requestId, sessionLog, startedAt } from './samples';

const pageSize = 5;
const minuteMs = 60_000;

function open(number: number, facts: Partial<HoldRequest> = {}): QueueItem {
  const request = {
    ...openForm(requestId(number)),
    title: `Question ${number}`,
    deadline: { at: startedAt + number * minuteMs, cause: 'default', reason: 'the default', onExpiry: 'deny' },
    ...facts,
  } as HoldRequest;
  const agentId = 'agt_4PZ1M8W2KC6T' as AgentId;
  return { request, agent: 'oncall-copilot', agentId, call: null, seq: request.seq, away: null };
}

const idOf = ({ request }: QueueItem): RequestId => request.requestId;

describe('the queue over a real socket', () => {
  let server: DeskServer;
  let page: Page;
  let items: readonly QueueItem[];

  /** As the server pages: after a place, in the look's order. */
  const pageOf = (look: QueueLook, after: QueuePlace | null): QueuePageReply => {
    const fits = items
      .filter(({ request }) => (look.view === 'answered') === (request.state !== 'open'))
      .filter(({ request }) => request.title.toLowerCase().includes(look.text.toLowerCase()))
      .sort((a, b) => comparePlaces(rowOf(a, look), rowOf(b, look), look))
      .filter((item) => after === null || comparePlaces(rowOf(item, look), after, look) > 0);
    return { items: fits.slice(0, pageSize), more: fits.length > pageSize };
  };
  const shown = (): readonly RequestId[] => page.state.queue.rows.map((row) => row.requestId);
  const whole = async (): Promise<void> => {
    while (page.state.queue.floor !== null) {
      const before = shown().length;
      page.live.queueing.more();
      await page.until(({ queue }) => queue.page === 'idle' && (queue.rows.length > before || queue.floor === null));
    }
  };

  beforeEach(async () => {
    items = Array.from({ length: 12 }, (_, index) => open(index + 1));
    server = new DeskServer();
    server.on('queue.watch', ({ look }) =>
      done({ ...pageOf(look, null), counts: { ...noCounts, open: items.length }, presence: [] }),
    );
    server.on('queue.page', ({ look, after }) => done(pageOf(look, after)));
    server.on('queue.counts', () => done({ ...noCounts, open: items.length }));
    page = new Page(await server.listen());
  });

  afterEach(async () => {
    page.live.stop();
    await server.close();
  });

  test('reads a first page, then each page after the one before, and knows when nothing is left', async () => {
    await page.online();
    expect(shown()).toEqual(items.slice(0, pageSize).map(idOf));
    await whole();
    expect(shown()).toEqual(items.map(idOf));
    expect(server.of('queue.page').map(({ after }) => after.requestId)).toEqual([requestId(5), requestId(10)]);
    page.live.queueing.more();
    await page.live.read({ type: 'queue.counts' });
    expect(server.of('queue.page')).toHaveLength(2);
  });

  test('asked for more twice, it asks once', async () => {
    await page.online();
    page.live.queueing.more();
    page.live.queueing.more();
    await page.until(({ queue }) => queue.rows.length === 2 * pageSize);
    expect(server.of('queue.page')).toHaveLength(1);
  });

  test('a page that fails leaves what was read, and can be asked for again', async () => {
    await page.online();
    server.on('queue.page', () => refuse('forbidden'));
    page.live.queueing.more();
    await page.until(({ queue }) => queue.page === 'failed');
    expect(shown()).toHaveLength(pageSize);
    server.on('queue.page', ({ look, after }) => done(pageOf(look, after)));
    await whole();
    expect(shown()).toHaveLength(12);
  });

  test('I12 after a lost line it reads again as far as it had, and what went meanwhile is gone', async () => {
    await page.online();
    await whole();
    items = items.filter((item) => idOf(item) !== requestId(2) && idOf(item) !== requestId(11));
    server.cut();
    await page.until(({ queue }) => queue.status === 'ready' && queue.rows.length === 10);
    expect(shown()).toEqual(items.map(idOf));
  });

  test('another look calls the reading of the one before off', async () => {
    await page.online();
    page.live.queueing.look({ ...openLook, text: 'question 1' });
    page.live.queueing.look({ ...openLook, text: 'question 12' });
    await page.until(({ queue }) => queue.status === 'ready');
    expect(shown()).toEqual([requestId(12)]);
    expect(page.state.queue.look.text).toBe('question 12');
  });

  test('finds what is open and what is over without looking elsewhere', async () => {
    items = [...items, open(77, { state: 'expired', endedAt: startedAt } as Partial<HoldRequest>)];
    await page.online();
    const before = shown();
    expect((await page.live.queueing.find('question 7'))?.map(idOf)).toEqual([requestId(7), requestId(77)]);
    expect(shown()).toEqual(before);
    server.on('queue.page', () => refuse('cannot_save'));
    expect(await page.live.queueing.find('question 7')).toBeNull();
  });

  test('many pushes are counted after once, and a person who changed reads anew', async () => {
    await page.online();
    const told = items.map((item, index) => ({ type: 'request.changed', seq: 10_000 + index, item }) as const);
    server.push(...told);
    await server.hears('queue.counts');
    expect(server.of('queue.counts')).toHaveLength(1);
    items = items.slice(3);
    const { person } = page.state;
    server.push({ type: 'person.changed', person });
    await server.hears('queue.watch', 2);
    await page.until(
      ({ queue }) => queue.status === 'ready' && !queue.rows.some((row) => row.requestId === requestId(1)),
    );
    expect(shown()[0]).toBe(requestId(4));
  });

  test('views are read once they are wanted, and a saved list is the list', async () => {
    const kept: { name: string; look: QueueLook }[] = [{ name: 'Mine first', look: { ...openLook, view: 'mine' } }];
    server.on('me.save_views', ({ views }) => {
      kept.splice(0, kept.length, ...views);
      return done(views);
    });
    await page.online();
    expect(page.state.views).toBeNull();
    const next = [{ name: 'Forms', look: { ...openLook, kinds: ['form'] as const } }];
    expect(await page.live.views.save(next)).toMatchObject({ ok: true });
    expect(page.state.views).toEqual(next);
    expect(kept).toEqual(next);
    server.on('me.save_views', () => refuse('cannot_save'));
    expect(await page.live.views.save([])).toMatchObject({ ok: false });
    expect(page.state.views).toEqual(next);
  });

  test('signing out forgets what was typed, rules too', async () => {
    await page.online();
    page.storage.setItem('holdpoint.rules-draft', '{}');
    page.live.forget();
    expect(page.storage.getItem('holdpoint.rules-draft')).toBeNull();
    expect(page.state.queue.rows).toEqual([]);
  });

  test('opened one right after the other, only where it ends is read; the next may be read ahead', async () => {
    server.on('request.read', ({ requestId: wanted }) => done(detail(wanted)));
    await page.online();
    const leave = [1, 2, 3, 4].map((number) => page.live.reading.open(requestId(number)));
    for (const close of leave.slice(0, 3)) close();
    await page.until(({ details }) => details.get(requestId(4))?.status === 'ready');
    const read = server.of('request.read').map((command) => command.requestId);
    expect(read).toEqual([requestId(1), requestId(4)]);
    page.live.reading.ahead(requestId(5));
    await page.until(({ details }) => details.get(requestId(5))?.status === 'ready');
    expect(page.state.seen.has(requestId(5))).toBe(false);
    expect(page.live.reading.openForMs(requestId(5))).toBeNull();
  });
});

const opened = commitsOf(sessionLog(2)).findLast(({ item }) => item?.request.state === 'open');

function detail(id: RequestId): RequestDetail {
  if (opened === undefined) throw new Error('Nothing opens in the sample.');
  const known = detailOf(opened);
  return { ...known, request: { ...known.request, requestId: id } };
}

describe('answering together', () => {
  let server: DeskServer;
  let page: Page;
  const ids = [requestId(1), requestId(2), requestId(3)];
  const decision = { action: 'decline', reason: 'Not today', content: null } as const;

  beforeEach(async () => {
    server = new DeskServer();
    server.on('request.read', ({ requestId: wanted }) => done(detail(wanted)));
    page = new Page(await server.listen());
    await page.online();
  });

  afterEach(async () => {
    page.live.stop();
    await server.close();
  });

  const answer = async (): Promise<ReadonlyMap<RequestId, BulkResult>> => {
    const results = new Map<RequestId, BulkResult>();
    const order = { ...decision, details: ids.map(detail), shownAt: Date.now() };
    await answerPicked(page.live, order, (id, result) => results.set(id, result));
    return results;
  };

  test('each is read as it is now; one that cannot be says why', async () => {
    server.on('request.read', ({ requestId: wanted }) =>
      wanted === requestId(2) ? refuse('not_found') : done(detail(wanted)),
    );
    const reads = await readPicked(page.live, ids);
    expect(reads.map(({ id, ok }) => [id, ok])).toEqual([
      [requestId(1), true],
      [requestId(2), false],
      [requestId(3), true],
    ]);
  });

  test('I1 each is answered for itself, with an operation of its own and the revision that was shown', async () => {
    server.on('request.answer', (command) =>
      command.requestId === requestId(2) ? refuse('stale_revision') : done(detail(command.requestId).request),
    );
    const results = await answer();
    expect(results.get(requestId(1))).toMatchObject({ is: 'saved' });
    expect(results.get(requestId(2))).toEqual({ is: 'failed', words: 'It changed meanwhile. Look at it again.' });
    expect(results.get(requestId(3))).toMatchObject({ is: 'saved' });
    const said = server.of('request.answer');
    expect(new Set(said.map((command) => command.operationId)).size).toBe(3);
    expect(said.map((command) => command.revision)).toEqual(ids.map((id) => detail(id).request.revision));
  });

  test('I1 an acknowledgement that was lost is asked for again with the same operation', async () => {
    let first = true;
    server.on('request.answer', (command) => {
      if (command.requestId !== requestId(1) || !first) return done(detail(command.requestId).request);
      first = false;
      return refuse('too_many');
    });
    const results = await answer();
    expect(results.get(requestId(1))).toMatchObject({ is: 'saved' });
    const mine = server.of('request.answer').filter((command) => command.requestId === requestId(1));
    expect(mine).toHaveLength(2);
    expect(new Set(mine.map((command) => command.operationId)).size).toBe(1);
  });
});
