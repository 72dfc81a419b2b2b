import { describe, expect, it } from 'vitest';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { CallId, ConnectionId, SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { unknownPace } from '@/lib/domain/pace';
import { Paces } from '@/server/engine/paces';
import { learnedPace, type PaceSettings } from '@/server/engine/ports/servers';
import type { SavedPace } from '@/server/engine/ports/store';
import { bodies } from '@/tests/domain/support/happenings';
import { MovableClock, silent } from './workplace';

/** What would be in the database. */
class Rows {
  readonly rows = new Map<string, SavedPace>();
  writes = 0;
  away = false;

  async paces(limit: number): Promise<readonly SavedPace[]> {
    if (this.away) throw new Error('away');
    return [...this.rows.values()].sort((a, b) => b.heardAt - a.heardAt).slice(0, limit);
  }

  async savePaces(paces: readonly SavedPace[], gone: readonly { server: string; tool: string }[]): Promise<void> {
    if (this.away) throw new Error('away');
    this.writes += 1;
    for (const pace of paces) this.rows.set(`${pace.server} ${pace.tool}`, pace);
    for (const { server, tool } of gone) this.rows.delete(`${server} ${tool}`);
  }
}

const clock = new MovableClock();
const sessionId = 'ses_000000000001' as SessionId;
let calls = 0;

function opened(store: Rows, pace: PaceSettings = learnedPace): Paces {
  return new Paces({ store, clock, log: silent, servers: new Map([['files', { pace }]]) });
}

/** A call that was sent and gave no sign until it was done. */
function done(paces: Paces, tool: string, tookMs: number): void {
  calls += 1;
  const callId = `call_${String(calls).padStart(12, '0')}` as CallId;
  const at = clock.now();
  const happened: readonly (readonly [number, EventBody])[] = [
    [at, { ...bodies['call.received'], callId, tool }],
    [at, { ...bodies['call.sent'], callId, connectionId: 'con_000000000001' as ConnectionId }],
    [at + tookMs, { ...bodies['call.completed'], callId }],
  ];
  const events = happened.map(
    ([when, body], index): SessionEvent => ({
      ...{ sessionId, seq: index + 1, at: when, actor: { kind: 'system' } as never },
      ...body,
    }),
  );
  paces.hear({ change: 'events', sessionId, events });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

const usual = (paces: Paces, tool: string): number | null => paces.paceOf('files', tool).usual?.ms ?? null;

describe('what is usual for tools', () => {
  it('is learned from what was committed, tool by tool, and survives a restart', async () => {
    const store = new Rows();
    const paces = opened(store);
    await paces.load();
    for (let call = 0; call < 5; call += 1) {
      done(paces, 'read', 2_000);
      done(paces, 'deploy', 300_000);
    }
    expect(usual(paces, 'read')).toBe(2_000);
    expect(usual(paces, 'deploy')).toBeGreaterThan(250_000);
    expect(paces.paceOf('other', 'read')).toEqual(unknownPace);
    await paces.stop();
    const next = opened(store);
    await next.load();
    expect(next.paceOf('files', 'deploy')).toEqual(paces.paceOf('files', 'deploy'));
  });

  it('is written seldom, and again after the database was away', async () => {
    const store = new Rows();
    const paces = opened(store);
    for (let call = 0; call < 50; call += 1) done(paces, 'read', 2_000);
    await turns();
    expect(store.writes).toBe(0);
    store.away = true;
    clock.move(30_000);
    await turns();
    store.away = false;
    done(paces, 'write', 2_000);
    clock.move(30_000);
    await turns();
    expect(store.writes).toBe(1);
    expect([...store.rows.keys()].sort()).toEqual(['files read', 'files write']);
  });

  it('is learned anew when it cannot be read, or is not what was written', async () => {
    const store = new Rows();
    store.away = true;
    await opened(store).load();
    store.away = false;
    const bad: readonly Json[] = [null, 'x', [], { gaps: 3 }, { gaps: {}, durations: { x: 1 }, talked: 0, silent: 9 }];
    await store.savePaces(
      bad.map((body, at) => ({ server: 'files', tool: `t${at}`, heardAt: at, body })),
      [],
    );
    const paces = opened(store);
    await paces.load();
    for (let at = 0; at < bad.length; at += 1) expect(paces.paceOf('files', `t${at}`)).toEqual(unknownPace);
  });

  it('a server that names ever new tools pushes out only its own, and the oldest', async () => {
    const store = new Rows();
    const paces = opened(store);
    for (let call = 0; call < 5; call += 1) done(paces, 'first', 2_000);
    for (let tool = 0; tool < 298; tool += 1) done(paces, `x${tool}`, 10);
    expect(usual(paces, 'first')).toBe(2_000);
    await paces.stop();
    for (let tool = 0; tool < 10; tool += 1) done(paces, `y${tool}`, 10);
    expect(usual(paces, 'first')).toBeNull();
    done(paces, 'z'.repeat(10_000), 10);
    await paces.stop();
    expect(store.rows.size).toBe(300);
    expect(store.rows.has('files first')).toBe(false);
  });

  it('stays under what the configuration says, the first pattern before the server', () => {
    const none = { slowAfterMs: null, stalledAfterMs: null };
    const tools = [
      { tool: 'deploy_*', ...none, stalledAfterMs: 3_000 },
      { tool: '*', ...none, slowAfterMs: 1_000 },
    ];
    const paces = opened(new Rows(), { slowAfterMs: 2_000, stalledAfterMs: 9_000, tools });
    for (let call = 0; call < 5; call += 1) for (const tool of ['deploy_web', 'read']) done(paces, tool, 500_000);
    expect(paces.paceOf('files', 'deploy_web')).toMatchObject({ slowAfterMs: 2_000, stalledAfterMs: 3_000 });
    expect(paces.paceOf('files', 'read')).toMatchObject({ slowAfterMs: 1_000, stalledAfterMs: 9_000 });
  });
});
