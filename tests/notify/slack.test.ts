import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teamKinds } from '@/lib/domain/notice';
import { ana, asPerson, baseUrl, ben, Desk, payments } from './desk';
import { Receiver } from './receiver';

let desk: Desk;
let receiver: Receiver;
let endpointId: string;
beforeEach(async () => {
  receiver = await Receiver.start();
  desk = await Desk.open({ people: [ana, ben], teams: [{ ...payments, members: [] }] });
  const added = await desk.notify.notices.addEndpoint(asPerson(ana), {
    kind: 'slack',
    team: payments.id,
    url: `${receiver.url}/services/T000/B000/verysecretverysecret`,
    kinds: teamKinds,
  });
  if (!added.ok) throw new Error(added.message);
  if (added.value.secret !== null) throw new Error('Slack has no secret of ours');
  endpointId = added.value.endpoint.id;
  await desk.notify.run();
});
afterEach(async () => {
  await desk.close();
  await receiver.stop();
});

const hostile = {
  server: '<!channel> <https://evil.example|Approve here>',
  tool: '*run* `x` <@U123>\n<!here>',
  agent: 'bot & co \u202Egnp.exe https://evil.example/approve',
};

describe('a message to Slack', () => {
  it('links to the request and says what, where and how long', async () => {
    const { requestId } = await desk.open({ team: payments });
    const [{ body } = { body: '' }] = await receiver.until(1);
    const message: unknown = JSON.parse(body);
    expect(message).toMatchObject({
      text: 'Approval waits: shell · run',
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      blocks: [
        { type: 'section', text: { type: 'plain_text', emoji: false } },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: `<${baseUrl}/queue/${requestId}|Open in Holdpoint>`, verbatim: true }],
        },
      ],
    });
    expect(body).toContain('Agent: deploy-bot');
    expect(body).toContain('Risk: may destroy');
    expect(body).toMatch(/Deadline: [^"\\]+\(UTC\), in 30 min/);
  });

  it('pings nobody and links nowhere but to us, whatever a server, tool or agent is called', async () => {
    await desk.open({ ...hostile, team: payments });
    const [{ body } = { body: '' }] = await receiver.until(1);
    const angles = body.match(/<[^>]*>/g) ?? [];
    expect(angles).toHaveLength(1);
    expect(angles[0]).toContain(`<${baseUrl}/queue/req_`);
    expect(body).toContain('&lt;!channel&gt;');
    expect(body).toContain('bot &amp; co');
    expect(body.match(/[a-z]+:\/\//g)).toEqual(['https://']);
    expect(body).not.toContain('\u202E');
    // What others chose stands in plain text alone.
    const { blocks } = JSON.parse(body) as { blocks: { text?: { type: string }; elements?: { text: string }[] }[] };
    const marked = blocks.flatMap(({ elements }) => elements ?? []).map(({ text }) => text);
    for (const text of marked)
      expect(text).toMatch(/^<https:\/\/holdpoint\.example\.com\/queue\/req_\w+\|Open in Holdpoint>$/);
  });

  it.each([404, 410, 403])('that answers %i is switched off', async (status) => {
    receiver.answer = () => ({ status });
    await desk.open({ team: payments });
    await desk.until(([row]) => row?.state === 'dropped');
    await expect
      .poll(() => {
        const now = desk.notify.notices.endpoints(asPerson(ana));
        return now.ok ? now.value.find(({ id }) => id === endpointId)?.disabledWhy : null;
      })
      .toBe(`It answered ${status}: this incoming webhook is no longer there.`);
  });

  it('is sent later when Slack says so', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '30' } });
    await desk.open({ team: payments });
    const [row] = await desk.until(([each]) => each?.attempts === 1);
    expect(Number(row?.next_at) - desk.clock.now()).toBe(30_000);
    receiver.answer = () => ({ status: 200 });
    desk.clock.move(30_000);
    await desk.until(([each]) => each?.state === 'sent');
    expect(receiver.received).toHaveLength(2);
  });

  it('is not sent when the request was answered meanwhile', async () => {
    receiver.answer = () => ({ status: 500 });
    const { requestId } = await desk.open({ team: payments });
    await desk.until(([row]) => row?.attempts === 1);
    desk.change(requestId, { state: 'answered' });
    desk.clock.move(60_000);
    const rows = await desk.until(([row]) => row?.state !== 'pending');
    expect(rows).toMatchObject([{ state: 'dropped', last_error: 'It was no longer waiting.' }]);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('what a team wants', () => {
  it('is gathered into one message by a digest, with escalations at once', async () => {
    const saved = await desk.notify.notices.saveTeamPreferences(asPerson(ana), payments.id, {
      kinds: { slack: ['opened'], webhook: [] },
      timeZone: 'Europe/Berlin',
      quiet: null,
      digestMinutes: 15,
    });
    expect(saved).toMatchObject({ ok: true });
    const first = await desk.open({ team: payments, server: 'one' });
    await desk.open({ team: payments, server: 'two' });
    await desk.tell({ type: 'request.expired', requestId: first.requestId });
    await desk.tell({ type: 'request.escalated', requestId: first.requestId, team: payments, why: 'nobody' });
    await receiver.until(1);
    expect(receiver.received[0]?.body).toContain('Escalated to Payments: one');
    await desk.until((rows) => rows.some(({ state }) => state === 'sent'));
    desk.clock.move(15 * 60_000);
    await receiver.until(2);
    await desk.quiet();
    const digest = receiver.received[1]?.body ?? '';
    expect(digest).toContain('2 notices from Holdpoint');
    expect(digest).toContain('Approval waits: one');
    expect(digest).toContain('Approval waits: two');
    expect(digest).toContain('(Europe/Berlin)');
    expect(receiver.received).toHaveLength(2);
    expect((await desk.rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  });
});
