import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { teamKinds } from '@/lib/domain/notice';
import { ana, asPerson, baseUrl, ben, Desk, ops, payments, random } from './desk';
import { waitAfter } from '@/server/notify/schedule';
import { Receiver } from './receiver';

let desk: Desk;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
  desk = await Desk.open({
    people: [{ ...ana }, { ...ben }],
    teams: [
      { ...payments, members: [ben.id] },
      { ...ops, members: [] },
    ],
  });
  // Only endpoints: people's own are another file's.
  for (const person of [ana, ben])
    await desk.notify.notices.savePreferences(asPerson(person), {
      kinds: { desktop: [], email: [] },
      timeZone: 'UTC',
      quiet: null,
      digestMinutes: null,
    });
  await desk.notify.run();
});
afterEach(async () => {
  await desk.close();
  await receiver.stop();
});

async function webhook(change: { readonly team?: typeof payments; readonly path?: string } = {}) {
  const { team = null, path = '/hooks/in?token=topsecret' } = change;
  const added = await desk.notify.notices.addEndpoint(asPerson(ana), {
    kind: 'webhook',
    team: team?.id ?? null,
    url: `${receiver.url}${path}`,
    kinds: teamKinds,
  });
  if (!added.ok || added.value.secret === null) throw new Error('no webhook was made');
  return { id: added.value.endpoint.id, secret: added.value.secret, endpoint: added.value.endpoint };
}

const endpointNow = (id: string) => {
  const list = desk.notify.notices.endpoints(asPerson(ana));
  return list.ok ? list.value.find((each) => each.id === id) : undefined;
};

describe('a webhook', () => {
  it('is signed so that the Standard Webhooks library believes it, and not when tampered with', async () => {
    const { secret } = await webhook();
    const { requestId, deadlineAt } = await desk.open({ team: payments });
    const [{ body, headers } = { body: '', headers: {} }] = await receiver.until(1);
    const verifier = new Webhook(secret);
    const signed = headers as Record<string, string>;
    expect(verifier.verify(body, signed)).toEqual({
      type: 'request.opened',
      timestamp: new Date(desk.clock.now()).toISOString(),
      data: {
        kind: 'opened',
        requestId,
        requestKind: 'approval',
        server: 'shell',
        tool: 'run',
        agent: 'deploy-bot',
        risk: 'destructive',
        team: 'Payments',
        assignedTo: null,
        by: null,
        deadline: new Date(deadlineAt).toISOString(),
        fields: {},
        url: `${baseUrl}/queue/${requestId}`,
      },
    });
    expect(() => verifier.verify(body.replace('shell', 'shill'), signed)).toThrow('No matching signature');
    expect(() => verifier.verify(body, { ...signed, 'webhook-id': 'dlv_other' })).toThrow('No matching signature');
    expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, signed)).toThrow(
      'No matching signature',
    );
    const rows = await desk.quiet();
    expect(rows.map(({ state, last_status, id }) => ({ state, last_status, id }))).toEqual([
      { state: 'sent', last_status: 200, id: signed['webhook-id'] },
    ]);
  });

  it('is tried again on the schedule of the specification, with the same id, after 500', async () => {
    const { id } = await webhook();
    receiver.answer = () => ({ status: 500 });
    await desk.open();
    await receiver.until(1);
    await desk.quiet();
    const waits: number[] = [];
    for (let tries = 2; tries <= 10; tries += 1) {
      const [row] = await desk.quiet();
      waits.push(Number(row?.next_at) - desk.clock.now());
      desk.clock.move(waits.at(-1) ?? 0);
      await receiver.until(tries);
      await desk.until(([each]) => each?.attempts === tries);
    }
    const minutes = [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440];
    waits.forEach((wait, index) => {
      const usual = (minutes[index] ?? 0) * 60_000;
      expect(wait).toBeGreaterThanOrEqual(usual);
      expect(wait).toBeLessThanOrEqual(usual * 1.2);
    });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    expect(await desk.rows()).toMatchObject([{ state: 'failed', attempts: 10, last_status: 500 }]);
    // Three days without one success: it is switched off, and says why.
    await expect.poll(() => endpointNow(id)?.disabledAt).not.toBeNull();
    expect(endpointNow(id)?.disabledWhy).toBe('Nothing got through in 10 tries. It answered 500.');
    await desk.open();
    expect(await desk.rows()).toHaveLength(1);
  });

  it('gets through when the place comes back', async () => {
    const { id } = await webhook();
    receiver.answer = () => ({ status: 503 });
    await desk.open();
    await desk.until(([row]) => row?.attempts === 1);
    receiver.answer = () => ({ status: 204 });
    desk.clock.move(6_000);
    await desk.until(([row]) => row?.state === 'sent');
    expect(receiver.received).toHaveLength(2);
    expect(endpointNow(id)).toMatchObject({ disabledAt: null });
  });

  it('is given time by Retry-After', async () => {
    await webhook();
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    await desk.open();
    const rows = await desk.until(([row]) => row?.attempts === 1);
    expect(Number(rows[0]?.next_at) - desk.clock.now()).toBe(3_600_000);
  });

  it('that does not answer counts as failed after a while', async () => {
    await webhook();
    receiver.answer = () => null;
    await desk.open();
    await receiver.until(1);
    desk.clock.move(20_000);
    const rows = await desk.until(([row]) => row?.attempts === 1);
    expect(rows[0]).toMatchObject({ state: 'pending', last_error: 'It did not answer in time.' });
  });

  it('that nobody listens at is tried again, and says why without the address', async () => {
    await webhook();
    await receiver.stop();
    await desk.open();
    const rows = await desk.until(([row]) => row?.attempts === 1);
    expect(rows[0]).toMatchObject({ state: 'pending', last_error: 'It could not be reached (ECONNREFUSED).' });
    receiver = await Receiver.start();
  });

  it('is not sent where a redirect points', async () => {
    const { id } = await webhook();
    receiver.answer = ({ path }) =>
      path === '/elsewhere' ? { status: 200 } : { status: 307, headers: { location: `${receiver.url}/elsewhere` } };
    await desk.open();
    await desk.until(([row]) => row?.attempts === 1);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks/in?token=topsecret']);
    expect(endpointNow(id)).toMatchObject({ disabledAt: null });
  });

  it('that answers 410 is switched off at once, and what waits for it is dropped', async () => {
    const { id } = await webhook();
    receiver.answer = () => ({ status: 500 });
    await desk.open();
    await desk.until(([row]) => row?.attempts === 1);
    receiver.answer = () => ({ status: 410 });
    await desk.open();
    await desk.until((rows) => rows.length === 2 && rows.every(({ state }) => state === 'dropped'));
    expect(endpointNow(id)?.disabledWhy).toBe('It answered 410: the place is gone.');
    receiver.answer = () => ({ status: 200 });
    expect(await desk.notify.notices.enableEndpoint(asPerson(ana), id)).toMatchObject({ ok: true });
    await desk.open();
    await desk.until((rows) => rows.some(({ state }) => state === 'sent'));
  });

  it('of a team hears of that team only; one for all of everything (I11)', async () => {
    await webhook({ team: payments, path: '/payments' });
    await webhook({ path: '/all' });
    await desk.open({ team: payments });
    await desk.open({ team: ops });
    await desk.open();
    await receiver.until(4);
    await desk.quiet();
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/all', '/all', '/all', '/payments']);
  });

  it('that hangs holds up no other', async () => {
    await webhook({ path: '/hangs' });
    await webhook({ path: '/works' });
    receiver.answer = ({ path }) => (path === '/hangs' ? null : { status: 200 });
    for (let count = 0; count < 30; count += 1) await desk.open();
    await desk.until((rows) => rows.filter(({ state }) => state === 'sent').length === 30);
    expect(receiver.received.filter(({ path }) => path === '/hangs').length).toBeLessThanOrEqual(4);
  });

  it('keeps its address and its secret to itself', async () => {
    const { secret, endpoint } = await webhook();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint.where).toBe(`${receiver.url}/…cret`);
    expect(JSON.stringify(endpointNow(endpoint.id))).not.toContain('topsecret');
    const stored = JSON.stringify(await desk.db.selectFrom('hp_endpoint').selectAll().execute());
    for (const text of ['topsecret', secret, secret.slice(6), '/hooks/in']) expect(stored).not.toContain(text);
    await desk.open();
    await receiver.until(1);
    await desk.quiet();
    const said = `${desk.lines.join('\n')}${JSON.stringify(await desk.rows())}`;
    for (const text of ['topsecret', secret, secret.slice(6), '/hooks/in']) expect(said).not.toContain(text);
  });
});

it('the waits grow, and end', () => {
  for (const channel of ['webhook', 'slack', 'email'] as const) {
    const waits = Array.from({ length: 12 }, (_, index) => waitAfter(channel, index + 1, random));
    const real = waits.filter((wait) => wait !== null);
    expect(real).toEqual([...real].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeNull();
  }
  expect(waitAfter('desktop', 1, random)).toBeNull();
});
