import { afterEach, describe, expect, it } from 'vitest';
import { longSession } from '@/bench/long-session';
import type { Person } from '@/lib/domain/permission';
import { apiRoutes } from '@/server/api/routes';
import { originsBehind } from '@/server/auth/origin';
import { person, Workplace } from '@/tests/engine/workplace';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { recordingLog } from '@/tests/store/silent-log';
import { ruleOf, TestRoster } from '@/tests/support/desk';

const ana: Person = person('approver', 'Ana <b>Ruiz</b>');
const ola: Person = person('observer', 'Ola Berg');
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const hostile = '</td></table><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';

async function setUp() {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
    settings: { rules: [ruleOf({ id: 'rest', decision: 'allow' })] },
    roster: new TestRoster([ana, ola]),
  });
  open.push(place);
  const app = apiRoutes({
    originOf: originsBehind(0),
    people: place.engine.people,
    control: place.engine.control,
    directory: {
      personOfToken: async (token) => (token === 'hpp_ana' ? ana : null),
      personOf: async (headers) => (headers.get('cookie') === 'ola' ? ola : null),
    },
    log: recordingLog().log,
    now: () => Date.now(),
  });
  const session = await place.session();
  void place.call(session, 'ask_simple', { message: hostile, password: 'hunter2-secret' });
  const request = await place.opened();
  await place.answer(request, 'decline', { person: ana, reason: hostile });
  const ask = async (query: string, headers: Record<string, string>): Promise<Response> =>
    app.request(`/api/v1/sessions/${session}/report${query}`, { headers });
  return { kitchen, place, session, ask, app };
}

const token = { authorization: 'Bearer hpp_ana' };

describe('a session’s report', () => {
  it('is one page that runs nothing, loads nothing, and shows hostile words as words', async () => {
    const { ask } = await setUp();
    const reply = await ask('', token);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const page = await reply.text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;');
    expect(page).toContain('Ana &lt;b&gt;Ruiz&lt;/b&gt;');
    expect(page).not.toMatch(/<(script|img|link|iframe|object|a|form|button)\b/i);
    expect(page).not.toMatch(/<[^>]*\son\w+=/i);
    expect(page).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:|\/)/i);
    expect(page.match(/<table/g)).toHaveLength(2);
    expect(page.match(/<\/table>/g)).toHaveLength(2);
    expect(page).toContain('@page');
    expect(page.trimEnd().endsWith('</html>')).toBe(true);
  });

  it('I14 holds neither arguments nor secrets, in neither kind', async () => {
    const { ask } = await setUp();
    for (const format of ['html', 'jsonl']) {
      const text = await (await ask(`?format=${format}`, token)).text();
      expect(text).toContain('ask_simple');
      expect(text).not.toContain('hunter2-secret');
    }
  });

  it('I15 as JSON lines it is every event in order, behind a line that says what it is of', async () => {
    const { ask, place, session } = await setUp();
    const reply = await ask('?format=jsonl', token);
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="holdpoint-${session}.jsonl"`);
    const [head, ...lines] = (await reply.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(head).toMatchObject({ report: 'session', version: 1, session: { sessionId: session } });
    const events = await place.engine.people.events(ana, session, { afterSeq: 0, limit: 1_000 });
    if (!events.ok) throw new Error(events.message);
    expect(lines.slice(0, 5)).toEqual(events.value.slice(0, 5));
    expect(lines.map((line) => (line as { seq: number }).seq)).toEqual(lines.map((_line, index) => index + 1));
  });

  it('I11 opens to a token or to who is signed in on our own page, and to nobody else', async () => {
    const { ask, app, session } = await setUp();
    expect((await ask('', {})).status).toBe(401);
    expect((await ask('', { cookie: 'eve' })).status).toBe(401);
    expect((await ask('', { authorization: 'Bearer hpp_nobody', cookie: 'ola' })).status).toBe(401);
    expect((await ask('', { cookie: 'ola' })).status).toBe(200);
    expect((await ask('', { cookie: 'ola', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask('', { cookie: 'ola', 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await ask('', { cookie: 'ola', 'sec-fetch-site': 'same-site' })).status).toBe(401);
    const cookie = { headers: { cookie: 'ola' } };
    expect((await app.request('/api/v1/me', cookie)).status).toBe(401);
    expect((await app.request(`/api/v1/sessions/${session}/report`, { method: 'POST', ...cookie })).status).toBe(401);
  });

  it('what is no session, or no kind of report, is said to be so', async () => {
    const { ask, app } = await setUp();
    for (const id of ['ses_000000000000', 'x', '..%2F..', 'ses_0000000000000000000000000000000000000000'])
      expect((await app.request(`/api/v1/sessions/${id}/report`, { headers: token })).status).toBe(404);
    const wrong = await ask('?format=pdf', token);
    expect(wrong.status).toBe(refusedStatus);
    expect(await wrong.json()).toMatchObject({
      error: { code: 'bad_input', message: expect.stringContaining('html') },
    });
  });

  it('I4 says of a call that was cut off what its page says: that it is asked whether it runs again', async () => {
    const { kitchen, place, session, ask } = await setUp();
    void place.call(session, 'ask_simple', { message: 'Which dock?' });
    await place.opened(({ title }) => title === 'Which dock?');
    await kitchen.forgetSessions();
    await place.opened(({ kind }) => kind === 'recovery');
    const page = await (await ask('', token)).text();
    expect(page).toContain('<p>Run again? ask_simple');
    expect(page).toContain('<td>run again?</td>');
    expect(page).not.toContain('<td>held</td>');
  });

  it('of a session of many pages has every event once, and nothing is read for who is gone', async () => {
    const { place, ask, app } = await setUp();
    const long = longSession({ events: 2_300, startedAt: 1_764_000_000_000 });
    const written = await place.store.commit([long]);
    if (!written.ok) throw new Error(written.message);
    const address = `/api/v1/sessions/${long.sessionId}/report`;
    const page = await (await app.request(address, { headers: token })).text();
    const seqs = [...page.matchAll(/<tr id="e(\d+)"/g)].map(([, seq]) => Number(seq));
    expect(seqs).toEqual(long.events.map(({ seq }) => seq));
    expect(page).toContain('<dt>Events</dt><dd>2,300</dd>');
    expect(page).toMatch(/<dt>Started<\/dt><dd>\d+ \w{3} \d{4}, \d\d:\d\d:\d\d\.\d{3}<\/dd>/);
    const calls = long.events.filter(({ type }) => type === 'call.received').length;
    expect(
      page
        .split('class="calls"')[1]
        ?.split('</table>')[0]
        ?.match(/<tr><td/g),
    ).toHaveLength(calls);
    const gone = await app.request(address, { headers: token, signal: AbortSignal.abort() });
    expect(gone.status).toBe(503);
    expect((await ask('', token)).status).toBe(200);
  });

  it('that one was made is in the audit log, with who and which kind', async () => {
    const { ask, place, session } = await setUp();
    await (await ask('?format=jsonl', token)).text();
    const made = async () => (await place.acts()).filter(({ act }) => act === 'report.exported');
    expect(await made()).toMatchObject([
      { about: { kind: 'session', id: session }, actor: { name: ana.name }, facts: { format: 'jsonl' } },
    ]);
    await ask('', { ...token, cookie: 'x' });
    expect(await made()).toHaveLength(2);
  });
});

const refusedStatus = 400;
