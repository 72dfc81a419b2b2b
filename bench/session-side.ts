import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { findChromium } from '@/scripts/support/chromium.mjs';
import type { SessionId } from '@/lib/domain/ids';
import { connectAgent } from './agent';
import { startBenched } from './benched';
import { type Holdpoint, startHoldpoint, startLife } from './holdpoint';
import { longSession } from './long-session';
import { type PageMemory, SeatedBrowser } from './measured-tab';
import type { LongTask } from './queue-probe';
import type { RunOrder } from './run-order';
import { withStore } from './saved';
import { SessionPage } from './session-page';
import type { SessionOpening } from './session-probe';
import { OpenWindow } from './window';

/** What is measured of one recorded session. */
export interface RecordedSide {
  readonly events: number;
  readonly openings: readonly SessionOpening[];
  readonly listFrames: readonly number[];
  readonly laneFrames: readonly number[];
  readonly zoomFrames: readonly number[];
  readonly memory: PageMemory;
  readonly raw: RawSide;
}

/** Its raw view: opened, and gone through with all of it loaded. */
export interface RawSide {
  readonly messages: number;
  readonly openMs: number;
  readonly frames: readonly number[];
}

/** While events come in, someone goes up and down the lanes by key. */
export interface IngestSide {
  /** By the session's own count. */
  readonly events: number;
  readonly perSecond: number;
  /** Pushes of events the page's socket would get, a second. */
  readonly pushesPerSecond: number;
  readonly delays: readonly number[];
  readonly tasks: readonly LongTask[];
  /** The same while the raw messages are shown. */
  readonly raw: { readonly delays: readonly number[]; readonly tasks: readonly LongTask[] };
  readonly memory: PageMemory;
}

export interface SessionFigures {
  /** By the server's own count, in the order of the sizes. */
  readonly recorded: readonly number[];
  /** Null where there is no browser. */
  readonly browser: { readonly sides: readonly RecordedSide[]; readonly ingest: IngestSide } | null;
}

const dayMs = 86_400_000;
/** The list under the lanes: events, or raw messages. */
const lists = '.s-events .vl .scroll';
/** Each of the benched server's telling calls says so many things a second. */
const callPerSecond = 50;

export async function measureSessionSides(order: RunOrder): Promise<SessionFigures> {
  const { benchFile, serverFile, folder, amount, onEnd, print } = order;
  const { sizes } = amount.sessions;
  const benched = await startBenched(benchFile, 'none');
  onEnd(() => benched.process.kill());
  const first = await startHoldpoint({ serverFile, folder: path.join(folder, 'sessions'), mcpUrl: benched.mcpUrl });
  onEnd(() => first.life.process.kill());
  await first.stop();
  const ids = await record(first.home.databaseUrl, sizes);
  const life = await startLife(first.home);
  onEnd(() => life.process.kill());
  const holdpoint = { ...first, life };
  const recorded = await countOf(holdpoint, ids);
  let browser: SessionFigures['browser'] = null;
  if (findChromium() !== null) {
    const chromium = await SeatedBrowser.open(holdpoint);
    onEnd(() => chromium.stop());
    const sides: RecordedSide[] = [];
    for (const [index, events] of sizes.entries()) {
      const sessionId = ids[index];
      if (sessionId === undefined) continue;
      sides.push(await measureRecorded(order, chromium, { sessionId, events }));
      print(`measured: a session of ${events} events`);
    }
    const ingest = await measureIngest(order, chromium, holdpoint);
    browser = { sides, ingest };
    await chromium.stop();
  }
  await Promise.all([life.process.kill(), benched.process.kill()]);
  return { recorded, browser };
}

async function record(databaseUrl: string, sizes: readonly number[]): Promise<readonly SessionId[]> {
  return withStore(databaseUrl, async ({ store }) => {
    const ids: SessionId[] = [];
    for (const events of sizes) {
      const commit = longSession({ events, startedAt: Date.now() - dayMs });
      const written = await store.commit([commit]);
      if (!written.ok) throw new Error(written.message);
      ids.push(commit.sessionId);
    }
    return ids;
  });
}

async function countOf(holdpoint: Holdpoint, ids: readonly SessionId[]): Promise<readonly number[]> {
  const window = await OpenWindow.open(holdpoint);
  const counts: number[] = [];
  for (const sessionId of ids) {
    const { summary } = await window.say({ type: 'session.watch', sessionId, afterSeq: 0 });
    counts.push(summary.seq);
  }
  window.close();
  return counts;
}

async function measureRecorded(
  { amount }: RunOrder,
  browser: SeatedBrowser,
  { sessionId, events }: { readonly sessionId: SessionId; readonly events: number },
): Promise<RecordedSide> {
  const { openings: times, scroll, zoomTurns } = amount.sessions;
  const openings: SessionOpening[] = [];
  let page = await SessionPage.open(browser, sessionId, events);
  // The server's first page is not the one that is measured.
  for (let opening = 0; opening < times; opening += 1) {
    await page.tab.close();
    page = await SessionPage.open(browser, sessionId, events);
    openings.push(page.opening);
  }
  const listFrames = await page.tab.scroll(lists, scroll);
  const laneFrames = await page.tab.scroll('.tl-body', scroll);
  const zoomFrames = await page.zoom(zoomTurns);
  const memory = await page.tab.memory();
  const openMs = await page.openRaw();
  const messages = await page.loadAllRaw();
  const raw = { messages, openMs, frames: await page.tab.scroll(lists, scroll) };
  await page.tab.close();
  return { events, openings, listFrames, laneFrames, zoomFrames, memory, raw };
}

async function measureIngest(order: RunOrder, browser: SeatedBrowser, holdpoint: Holdpoint): Promise<IngestSide> {
  const { perSecond, ingestMs, presses } = order.amount.sessions;
  const { home } = holdpoint;
  const place = { url: `${home.origin}/mcp`, tool: 'bench__tell', apiKey: home.apiKey, answer: null };
  const agent = await connectAgent(place);
  const calls = Math.ceil(perSecond / callPerSecond);
  // Each call tells for longer than is measured; it is dropped with its agent.
  const told = Math.ceil(((2 * ingestMs) / 1_000 + 60) * callPerSecond);
  for (let call = 0; call < calls; call += 1) agent.trip(told + call).catch(() => undefined);
  const window = await OpenWindow.open(holdpoint);
  const sessionId = await liveSession(window);
  const page = await SessionPage.open(browser, sessionId, null);
  let pushes = 0;
  const before = (await window.say({ type: 'session.watch', sessionId, afterSeq: 0 })).summary.seq;
  const stop = window.onPush((push) => {
    if (push.type === 'session.events') pushes += 1;
  });
  const fromAt = await page.tab.now();
  const beganAt = performance.now();
  const delays = await page.inputDelays(presses, ingestMs / presses);
  const spentMs = performance.now() - beganAt;
  const tasks = await page.tab.longTasks(fromAt, await page.tab.now());
  stop();
  const { summary } = await window.say({ type: 'session.watch', sessionId, afterSeq: before });
  await page.openRaw();
  const rawFromAt = await page.tab.now();
  const rawDelays = await page.inputDelays(presses, ingestMs / presses);
  const raw = { delays: rawDelays, tasks: await page.tab.longTasks(rawFromAt, await page.tab.now()) };
  const memory = await page.tab.memory();
  window.close();
  await page.tab.close();
  await agent.drop();
  const each = (count: number): number => count / (spentMs / 1_000);
  return {
    events: summary.seq - before,
    perSecond: each(summary.seq - before),
    pushesPerSecond: each(pushes),
    delays,
    tasks,
    raw,
    memory,
  };
}

async function liveSession(window: OpenWindow): Promise<SessionId> {
  for (;;) {
    const { sessions } = await window.say({ type: 'sessions.watch', live: true, search: null, before: null });
    const busy = sessions.find(({ openCalls }) => openCalls > 0);
    if (busy !== undefined) return busy.session.sessionId;
    await pause(100);
  }
}
