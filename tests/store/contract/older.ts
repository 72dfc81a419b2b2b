import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { unknownPace } from '@/lib/domain/pace';
import { plainTerms } from '@/lib/domain/policy/approval';
import type { Database } from '@/server/store/schema';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { lookOf } from '../queue-model';
import { commitOf, logEvent } from '../samples';
import type { CallId, ConnectionId, RequestId, SessionId } from '@/lib/domain/ids';

/** Rows as the first release wrote them, its bodies word for word. */
const sessionId = 'ses_0LD0LD0LD001' as SessionId;
const connectionId = 'con_0LD0LD0LD001' as ConnectionId;
const stdioId = 'con_0LD0LD0LD002' as ConnectionId;
const ids = {
  held: 'call_0LD0LD0LD001' as CallId,
  working: 'call_0LD0LD0LD002' as CallId,
  waiting: 'call_0LD0LD0LD003' as CallId,
  completed: 'call_0LD0LD0LD004' as CallId,
  rejected: 'call_0LD0LD0LD005' as CallId,
};
const requestId = 'req_0LD0LD0LD001' as RequestId;
const agent = { id: 'agt_0LD0LD0LD001', name: 'oncall-copilot' };
const session = { sessionId, agent, client: null, scope: null, startedAt: 1_000, state: 'active' };
const place = { server: 'kitchen', tool: 'cook' };
const toolFacts = { title: 'Cook', annotations: {}, risk: 'writes' };
const callFacts = { ...place, ...toolFacts, receivedAt: 2_000, rule: null };
const sent = (rpcId: string) => ({ connectionId, rpcId, sentAt: 2_100 });
const underWay = { lastSignAt: 2_100, progress: null };
const over = { endedAt: 2_900, deliveredAt: null };
const calls = [
  { callId: ids.held, ...callFacts, state: 'held', reasons: ['approval'], requestIds: [requestId] },
  { callId: ids.working, ...callFacts, ...sent(ids.working), ...underWay, state: 'working' },
  { callId: ids.waiting, ...callFacts, ...sent(ids.waiting), ...underWay, state: 'input_required', requestIds: [] },
  {
    callId: ids.completed,
    ...callFacts,
    ...over,
    sent: sent(ids.completed),
    state: 'completed',
    isError: false,
    summary: 'ok',
  },
  { callId: ids.rejected, ...callFacts, ...over, sent: null, state: 'rejected', reason: 'no' },
] as const;
const asked = {
  ...{ requestId, kind: 'approval', callId: ids.held, candidates: [], ...place, title: 'Cook?', risk: 'writes' },
  deadline: { at: 9_000, cause: 'default', reason: 'as configured', onExpiry: 'deny' },
  ...{ upstream: null, digest: 'sha256:0', elicitationId: null },
};
const request = { ...asked, sessionId, openedAt: 2_000, seq: 3, revision: 1, state: 'open', claim: null };
const events = [
  { type: 'session.started', agent, client: null, scope: null },
  { type: 'call.received', callId: ids.held, ...place, ...toolFacts, argumentsBytes: 2 },
  { type: 'request.opened', ...asked },
].map((body, at) => ({ sessionId, seq: at + 1, at: 1_000, actor: { kind: 'holdpoint' }, ...body }));
const summary = {
  ...{ session, seq: 3, lastEventAt: 2_100, servers: ['kitchen'], openCalls: 3, totalCalls: 5, openRequests: 1 },
  ...{ verdict: { on: 'person', sinceAt: 2_000 }, progress: null },
};
const connectionFacts = { connectionId, server: 'kitchen', transport: 'http', era: 'stateful', openedAt: 1_500 };
const agreed = { protocolVersion: '2025-11-25', serverInfo: { name: 'k', version: '1' } };
const connection = { ...connectionFacts, state: 'ready', ...agreed, hasSession: true };
const attachment = { connectionId, sessionId, protocolVersion: '2025-11-25', capabilities: {} };

const queueColumns = [
  ...['due_at', 'over_at', 'for_teams', 'assigned_to', 'claim_by', 'claim_until', 'risk', 'agent_name', 'search'],
];

/** Takes the schema back to the first release's. */
async function downgrade(db: Kysely<Database>): Promise<void> {
  for (const statement of [
    "delete from hp_migration where name <> '0001_first_tables'",
    'drop table hp_agent_call',
    'drop table hp_probe',
    'drop index hp_request_by_call',
    'drop index if exists hp_session_search',
    'drop index hp_request_by_deadline',
    'drop index hp_request_by_opening',
    'drop index hp_request_by_end',
    'drop index hp_event_by_request',
    'drop index hp_call_by_receipt',
    ...queueColumns.map((name) => `alter table hp_request drop column ${name}`),
  ]) {
    await sql.raw(statement).execute(db);
  }
}

async function writeOldRows(db: Kysely<Database>): Promise<void> {
  const text = JSON.stringify;
  await sql`insert into hp_session (id, agent_id, agent_name, state, live, started_at, last_event_at, seq, search, summary)
    values (${sessionId}, ${agent.id}, ${agent.name}, 'active', 1, 1000, 2100, 3, 'x', ${text(summary)})`.execute(db);
  for (const event of events) {
    await sql`insert into hp_event (session_id, seq, at, type, call_id, request_id, body)
      values (${sessionId}, ${event.seq}, 1000, ${event.type}, null, null, ${text(event)})`.execute(db);
  }
  for (const call of calls) {
    const open = call.state === 'completed' || call.state === 'rejected' ? 0 : 1;
    await sql`insert into hp_call (id, session_id, server, tool, state, open, received_at, body)
      values (${call.callId}, ${sessionId}, 'kitchen', 'cook', ${call.state}, ${open}, 2000, ${text(call)})`.execute(
      db,
    );
  }
  await sql`insert into hp_request (id, session_id, call_id, kind, state, open, opened_at, body)
    values (${requestId}, ${sessionId}, ${ids.held}, 'approval', 'open', 1, 2000, ${text(request)})`.execute(db);
  const attachments = [
    { ...attachment, mcpSessionId: 'mcp-1', pid: null },
    { ...attachment, connectionId: stdioId, mcpSessionId: null, pid: 4_711 },
  ];
  for (const one of attachments) {
    const body = text({ ...connection, connectionId: one.connectionId });
    await sql`insert into hp_connection (id, session_id, server, state, open, body)
      values (${one.connectionId}, ${sessionId}, 'kitchen', 'ready', 1, ${body})`.execute(db);
    await sql`insert into hp_attachment (connection_id, session_id, body)
      values (${one.connectionId}, ${sessionId}, ${text(one)})`.execute(db);
  }
  await sql`insert into hp_cursor (connection_id, stream, session_id, event_id)
    values (${connectionId}, 'standalone', ${sessionId}, '"e1"')`.execute(db);
}

export function olderTests(subject: Subject): void {
  describe('a database of the first release', () => {
    it('is taken over whole, with what it did not know yet filled in (I5)', async () => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      await downgrade(first.db);
      await writeOldRows(first.db);
      await first.store.close();

      const { store } = await opened(url);
      const [saved, ...rest] = await store.loadLive();
      expect(rest).toEqual([]);
      const newSession = { ...session, protocolVersion: '' };
      const { verdict: _verdict, ...known } = summary;
      const waits = { person: { sinceAt: 2_000 }, model: null, servers: [], quietSinceAt: known.lastEventAt };
      const newSummary = { ...known, teams: [], away: [], session: newSession, waits, limit: null };
      expect(saved?.summary).toEqual(newSummary);
      const [held, working, waiting, completed, rejected] = calls;
      const asks = { questionsTeam: null, sampling: 'person' };
      const met = { agentLeft: null, edited: false, turnedBack: 0, mayHaveRun: false, ...asks };
      const forAll = { team: null, alsoTeams: [], assignedTo: null, approval: plainTerms, writer: 'person' };
      const newRequest = { ...request, earlier: null, ...forAll, votes: [], edited: [], notes: 0 };
      const now = {
        held: { ...held, ...met, runs: 0, interrupted: null },
        working: { ...working, ...met, runs: 1, resultLost: null, pace: unknownPace, limits: [] },
        waiting: { ...waiting, ...met, runs: 1, resultLost: null, pace: unknownPace, limits: [] },
      };
      expect(saved?.calls).toEqual([now.held, now.working, now.waiting]);
      expect(saved?.requests).toEqual([newRequest]);
      expect(saved?.connections).toHaveLength(2);
      // Without its facts no connection can be taken up again.
      expect(saved?.attachments).toEqual([]);
      expect(saved?.cursors).toEqual([{ connectionId, stream: 'standalone', eventId: 'e1' }]);

      expect(await store.session(sessionId)).toEqual(newSummary);
      expect((await store.call(ids.completed))?.call).toEqual({ ...completed, ...met, runs: 1 });
      expect((await store.call(ids.rejected))?.call).toEqual({ ...rejected, ...met, runs: 0 });
      expect(await store.requestsOfCall(ids.held)).toEqual([newRequest]);
      const [started, received, openedEvent] = events;
      expect(await store.events(sessionId, { afterSeq: 0, limit: 10 })).toEqual([
        { ...started, protocolVersion: '' },
        { ...received, ...asks },
        { ...openedEvent, earlier: null, ...forAll },
      ]);
      expect(await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 4)] })])).toEqual({ ok: true });
      const [row, ...others] = await store.queue({ ...lookOf({ text: 'ONCALL kitchen' }), limit: 10 });
      expect(row).toMatchObject({
        request: newRequest,
        call: now.held,
        agent: agent.name,
        seq: newSummary.seq,
        away: null,
      });
      expect(others).toEqual([]);
      await store.close();
    });
  });
}
