import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AttemptOrder } from '@/components/live/state/drafts';
import type { HoldRequest } from '@/lib/domain/request';
import { done, refuse } from '@/lib/domain/refusal';
import { noCounts } from '@/lib/domain/queue-query';
import { DeskServer } from './desk-server';
import { memoryStorage } from './memory-storage';
import { Page } from './page';
import { ben, commitsOf, detailOf, requestId, sessionLog } from './samples';

const one = requestId(1_001);
const commits = commitsOf(sessionLog(1)).filter(({ item }) => item?.request.requestId === one);
const opened = commits.find(({ event }) => event.type === 'request.opened');
const order: AttemptOrder = {
  requestId: one,
  revision: 1,
  action: 'accept',
  reason: null,
  content: { center: '42' },
  tookMs: 4_200,
  remember: null,
};

function stage(type: string): HoldRequest {
  const request = commits.find(({ event }) => event.type === type)?.item?.request;
  if (request === undefined) throw new Error(`No ${type} in the sample.`);
  return request;
}

describe('answering over a real socket', () => {
  let server: DeskServer;
  let url: string;
  const pages: Page[] = [];

  function newPage(storage = memoryStorage(), ackTimeoutMs = 5_000): Page {
    const page = new Page(url, storage, ackTimeoutMs);
    pages.push(page);
    return page;
  }

  beforeEach(async () => {
    server = new DeskServer();
    const item = opened?.item;
    server.on('queue.watch', () =>
      done({ items: item == null ? [] : [item], more: false, counts: noCounts, presence: [] }),
    );
    server.on('request.read', () => (opened === undefined ? refuse('not_found') : done(detailOf(opened))));
    url = await server.listen();
  });

  afterEach(async () => {
    for (const page of pages.splice(0)) page.live.stop();
    await server.close();
  });

  test('I1 an answer whose acknowledgement was lost is sent again with the same operation id, and is saved once', async () => {
    const saved = new Map<string, HoldRequest>();
    let lines = 0;
    server.on('request.answer', ({ operationId }) => {
      lines += 1;
      const before = saved.get(operationId);
      saved.set(operationId, before ?? stage('request.answered'));
      // Committed, and then the line breaks before the page hears of it.
      return lines === 1 ? 'silence' : done(saved.get(operationId) ?? stage('request.answered'));
    });
    const page = newPage();
    await page.online();
    page.live.answering.typed(one, 'typed');
    page.live.answering.answer(order);
    expect(page.state.drafts.get(one)?.attempt?.state).toBe('sending');
    await page.until((state) => state.line.state === 'offline');
    expect(page.state.drafts.get(one)).toMatchObject({ text: 'typed', attempt: { state: 'sending' } });
    await page.until((state) => state.drafts.size === 0);
    const ids = new Set(server.of('request.answer').map(({ operationId }) => operationId));
    expect([server.of('request.answer').length, ids.size, saved.size]).toEqual([2, 1, 1]);
    expect(page.state.queue.entries.get(one)?.item.request.state).toBe('answered');
  });

  test('I1 a server that does not answer in time is asked again with the same operation id', async () => {
    let asked = 0;
    const page = newPage(memoryStorage(), 60);
    server.on('request.answer', () => {
      asked += 1;
      if (asked > 1) return done(stage('request.answered'));
      // Busy for longer than the page waits.
      const until = Date.now() + 150;
      while (Date.now() < until);
      return done(stage('request.answered'));
    });
    await page.online();
    page.live.answering.answer(order);
    await page.until((state) => state.drafts.size === 0);
    expect(new Set(server.of('request.answer').map(({ operationId }) => operationId)).size).toBe(1);
    expect(server.of('request.answer').length).toBe(2);
  });

  test('an answer given while the line is away waits, can be taken back, and goes out when it is back', async () => {
    server.on('request.answer', () => done(stage('request.answered')));
    const page = newPage();
    await page.online();
    server.cut();
    await page.until((state) => state.line.state === 'offline');
    page.live.answering.typed(one, 'typed');
    page.live.answering.answer(order);
    expect(page.state.drafts.get(one)?.attempt?.state).toBe('queued');
    page.live.answering.unqueue(one);
    expect(page.state.drafts.get(one)).toMatchObject({ text: 'typed', attempt: null });
    page.live.answering.answer(order);
    expect(server.of('request.answer')).toEqual([]);
    await page.until((state) => state.drafts.size === 0);
    expect(server.of('request.answer')).toHaveLength(1);
  });

  test('I1 after a reload an undecided answer is sent again with its operation id', async () => {
    server.on('request.answer', () => 'silence');
    const page = newPage();
    await page.online();
    page.live.answering.typed(one, 'typed');
    page.live.answering.answer(order);
    await server.hears('request.answer');
    page.live.stop();
    server.on('request.answer', () => done(stage('request.answered')));
    const reloaded = newPage(page.storage);
    await reloaded.online();
    await reloaded.until((state) => state.drafts.size === 0);
    expect(new Set(server.of('request.answer').map(({ operationId }) => operationId)).size).toBe(1);
  });

  test('I1 when someone else won, the typed text stays and the page knows who it was', async () => {
    server.on('request.answer', () => refuse('already_answered', `${ben.name} answered this first.`, { by: ben.name }));
    const page = newPage();
    await page.online();
    page.live.answering.typed(one, 'typed');
    page.live.answering.answer(order);
    await page.until((state) => state.drafts.get(one)?.refusal !== null);
    expect(page.state.drafts.get(one)).toMatchObject({
      text: 'typed',
      attempt: null,
      refusal: { code: 'already_answered', details: { by: ben.name } },
    });
  });

  test('a server that is stopping is asked again, not shown as a refusal', async () => {
    let asked = 0;
    server.on('request.answer', () => {
      asked += 1;
      return asked === 1 ? refuse('stopping') : done(stage('request.answered'));
    });
    const page = newPage();
    await page.online();
    page.live.answering.answer(order);
    await page.until((state) => state.drafts.size === 0);
    expect(asked).toBe(2);
  });

  test('typing takes the claim once and says so to the others, and is not repeated with every letter', async () => {
    server.on('request.claim', () => done(stage('request.claimed')));
    const page = newPage();
    await page.online();
    const close = page.live.reading.open(one);
    const leave = page.live.attending.open(one);
    await page.until((state) => state.details.get(one)?.status === 'ready');
    for (const letter of ['a', 'ab', 'abc']) {
      page.live.answering.typed(one, letter);
      page.live.attending.typed(one);
    }
    await server.hears('request.claim');
    await server.hears('request.look');
    expect(server.of('request.claim')).toHaveLength(1);
    expect(server.of('request.look')).toEqual([{ type: 'request.look', requestId: one, typing: true }]);
    leave();
    close();
    await server.hears('request.look', 2);
    expect(server.of('request.look').at(-1)).toEqual({ type: 'request.look', requestId: null, typing: false });
  });
});
