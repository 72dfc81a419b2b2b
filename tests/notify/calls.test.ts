import { afterEach, describe, expect, it } from 'vitest';
import type { Alarm } from '@/lib/domain/alarm';
import { mintId } from '@/lib/domain/ids';
import { usualPersonPreferences, usualTeamPreferences } from '@/lib/domain/notice';
import { readContent } from '@/server/notify/content/content';
import { factsOf, titleOf } from '@/server/notify/content/words';
import { slackOf, webhookOf } from '@/server/notify/content/messages';
import type { CallSubject } from '@/server/notify/ports';
import {
  ana,
  asPerson,
  baseUrl,
  ben,
  cleo,
  Desk,
  type DeskOptions,
  dora,
  ops,
  payments,
  random,
  someone,
} from './desk';

const desks: Desk[] = [];
async function newDesk(options: DeskOptions): Promise<Desk> {
  const desk = await Desk.open(options);
  desks.push(desk);
  await desk.notify.run();
  return desk;
}
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
});

const stalled = ({ sessionId, callId, underWay }: CallSubject): Alarm => ({
  kind: 'stalled',
  sessionId,
  callId,
  quietSinceAt: underWay?.lastSignAt ?? 0,
});

const ending = (
  desk: Desk,
  { sessionId, callId }: CallSubject,
): Extract<Alarm, { readonly kind: 'session_expiring' }> => {
  const connectionId = mintId('connection', random);
  const limit = {
    at: desk.clock.now() + 240_000,
    cause: 'server_lifetime',
    reason: 'shell keeps a session 8 h',
  } as const;
  return { kind: 'session_expiring', sessionId, callId, connectionId, limit };
};

/** Who was told, in the order of names. */
async function told(desk: Desk): Promise<readonly string[]> {
  return (await desk.quiet()).map(({ recipient, channel }) => `${recipient} ${channel}`).sort();
}

describe('that a call is stalled or has little time left', () => {
  it('is told to admins, to observers and to the owner of the agent, and to nobody else (I11)', async () => {
    const eve = someone('eve', { role: 'observer', disabled: true });
    const desk = await newDesk({ people: [ana, ben, cleo, dora, eve] });
    await desk.alarm(stalled(desk.call({ owner: ben.id })));
    expect(await told(desk)).toEqual(['per_ana desktop', 'per_ben desktop', 'per_dora desktop']);
    expect(desk.pushed[0]?.notice).toMatchObject({ kind: 'stalled', body: 'shell · run for deploy-bot' });
  });

  it('is told to who stands in for an owner who is away, and to no admin who is', async () => {
    const away = { untilAt: null, delegate: { id: cleo.id, name: cleo.name } } as never;
    const gone = someone('gone', { role: 'admin', away: { untilAt: null, delegate: null } as never });
    const desk = await newDesk({ people: [someone('owner', { away }), cleo, gone] });
    await desk.alarm(stalled(desk.call({ owner: someone('owner').id })));
    expect(await told(desk)).toEqual(['per_cleo desktop']);
  });

  it('leads to the session, and says no more than names, times and what is usual (I14)', async () => {
    const desk = await newDesk({ people: [ana] });
    const pace = { usual: { by: 'gap', ms: 4_000 }, slowAfterMs: 15_000, stalledAfterMs: 60_000 } as const;
    const lastSignAt = desk.clock.now() - 190_000;
    const subject = desk.call({
      underWay: { lastSignAt, pace, isAsking: false },
      agent: 'bot sk-0123456789abcdefghij',
    });
    await desk.alarm(stalled(subject));
    const [row] = await desk.quiet();
    const content = readContent(row?.body ?? '');
    const now = desk.clock.now();
    expect(titleOf(content, now)).toBe('Server stalled, quiet for 3 min 10 s: shell · run');
    expect(factsOf(content, { now, timeZone: 'UTC' })).toContainEqual({
      name: 'Usual',
      value: 'this tool is usually heard from every 4 s',
    });
    expect(row?.body).not.toContain('sk-0123456789abcdefghij');
    expect(desk.pushed[0]?.notice.path).toBe(`/sessions/${subject.sessionId}`);
    const look = { baseUrl, now, timeZone: 'UTC' };
    const message = { id: 'dlv_1', contents: [content] } as const;
    expect(webhookOf(message, look)).toMatchObject({
      type: 'session.stalled',
      data: {
        callId: subject.callId,
        quietSince: new Date(lastSignAt).toISOString(),
        limit: null,
        url: `${baseUrl}/sessions/${subject.sessionId}`,
      },
    });
    expect(JSON.stringify(slackOf(message, look))).toContain(`${baseUrl}/sessions/${subject.sessionId}`);
  });

  it('is told once for each stall, also by another life, and again after the server was heard from', async () => {
    const desk = await newDesk({ people: [ana] });
    const first = desk.call();
    await desk.alarm(stalled(first));
    await desk.alarm(stalled(first));
    await desk.quiet();
    await desk.notify.stop();
    await desk.again();
    await desk.notify.run();
    await desk.alarm(stalled(first));
    expect(await told(desk)).toHaveLength(1);
    desk.clock.move(60_000);
    const again = desk.call({ ...first, underWay: { ...first.underWay, lastSignAt: desk.clock.now() } as never });
    await desk.alarm(stalled(again));
    expect(await told(desk)).toHaveLength(2);
  });

  it('of a session’s limit is told once, whatever calls it holds; of a call’s for each', async () => {
    const desk = await newDesk({ people: [ana] });
    const [one, two] = [desk.call(), desk.call()];
    const limit = ending(desk, one);
    await desk.alarm(limit);
    await desk.alarm({ ...limit, callId: two.callId });
    expect(await told(desk)).toHaveLength(1);
    for (const { callId } of [one, two])
      await desk.alarm({ ...limit, callId, limit: { ...limit.limit, cause: 'server_request' } });
    const rows = await desk.quiet();
    expect(rows).toHaveLength(3);
    const content = readContent(rows[0]?.body ?? '');
    expect(titleOf(content, desk.clock.now())).toBe('A call ends in 4 min: shell · run');
    expect(webhookOf({ id: 'x', contents: [content] }, { baseUrl, now: 0, timeZone: 'UTC' })).toMatchObject({
      type: 'session.expiring',
      data: { limit: { reason: 'shell keeps a session 8 h' } },
    });
  });

  it.each<[string, CallSubject['underWay'] | 'heard' | 'asking']>([
    ['is over', null],
    ['was heard from', 'heard'],
    ['waits for an answer', 'asking'],
  ])('is not told when the call %s meanwhile', async (_what, then) => {
    const desk = await newDesk({ people: [ana] });
    const subject = desk.call();
    const alarm = stalled(subject);
    const under = subject.underWay ?? { lastSignAt: 0 };
    const now = { ...under, ...(then === 'heard' ? { lastSignAt: desk.clock.now() + 1 } : { isAsking: true }) };
    desk.call({ ...subject, underWay: then === null ? null : (now as CallSubject['underWay']) });
    await desk.alarm(alarm);
    expect(await desk.rows()).toEqual([]);
  });

  it('waits for the end of quiet hours, and is dropped when the call is over by then', async () => {
    const desk = await newDesk({ people: [ana] });
    const quiet = { fromMinute: 0, toMinute: 1_439, days: [0, 1, 2, 3, 4, 5, 6] } as const;
    await desk.notify.notices.savePreferences(asPerson(ana), { ...usualPersonPreferences, quiet });
    const subject = desk.call();
    await desk.alarm(stalled(subject));
    const [waiting] = await desk.rows();
    expect(waiting?.state).toBe('pending');
    desk.call({ ...subject, underWay: null });
    desk.clock.move(Number(waiting?.next_at) - desk.clock.now());
    const [row] = await desk.until((rows) => rows.every(({ state }) => state !== 'pending'));
    expect(row).toMatchObject({ state: 'dropped', last_error: 'The call was over.' });
  });

  it('is not sent to someone who may not watch over it any more (I11)', async () => {
    const desk = await newDesk({ people: [dora] });
    await desk.notify.notices.savePreferences(asPerson(dora), { ...usualPersonPreferences, digestMinutes: 5 });
    await desk.alarm(stalled(desk.call()));
    desk.roster = { ...desk.roster, people: [{ ...dora, role: 'approver' }] };
    desk.clock.move(300_000);
    const [row] = await desk.until((rows) => rows.every(({ state }) => state !== 'pending'));
    expect(row).toMatchObject({ state: 'dropped', last_error: 'It was no longer theirs to watch.' });
  });

  it('goes to places that chose it: of any team for everyone’s, of its own for a team’s', async () => {
    const teams = [payments, ops].map((team) => ({ ...team, members: [] }));
    const desk = await newDesk({ people: [ana], teams });
    const { notices } = desk.notify;
    const add = async (team: typeof ops | null, kinds: readonly ('opened' | 'stalled')[]): Promise<string> => {
      const order = { kind: 'webhook', team: team?.id ?? null, url: 'http://127.0.0.1:9/hook', kinds } as const;
      const added = await notices.addEndpoint(asPerson(ana), order);
      if (!added.ok) throw new Error(added.message);
      return added.value.endpoint.id;
    };
    const ours = await add(payments, ['stalled']);
    const theirs = await add(ops, ['stalled']);
    const all = await add(null, ['stalled']);
    await add(ops, ['opened']);
    const places = async (subject: CallSubject): Promise<readonly string[]> => {
      await desk.alarm(stalled(subject));
      const rows = (await desk.rows()).filter((row) => row.request_id === subject.callId && row.channel === 'webhook');
      return rows.map(({ recipient }) => recipient).sort();
    };
    expect(await places(desk.call())).toEqual([ours, theirs, all].sort());
    expect(await places(desk.call({ team: payments }))).toEqual([ours, all].sort());
    expect(usualTeamPreferences.kinds.webhook).toContain('stalled');
  });

  it('is written when the database is back', async () => {
    const desk = await newDesk({ people: [ana] });
    const subject = desk.call();
    desk.away = true;
    desk.notify.hear({ change: 'alarm', alarm: stalled(subject) });
    while (!desk.lines.some((line) => line.includes('could not be written')))
      await new Promise((resolve) => setImmediate(resolve));
    desk.away = false;
    desk.clock.move(30_000);
    await desk.notify.settled();
    expect(await told(desk)).toHaveLength(1);
  });
});
