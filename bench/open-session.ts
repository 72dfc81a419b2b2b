import { randomBytes } from 'node:crypto';
import { type Actor, holdpoint } from '@/lib/domain/actor';
import { mintId, type AgentId, type TeamId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { plainTerms } from '@/lib/domain/policy/approval';
import type { Deadline } from '@/lib/domain/deadline';
import type { TeamRef } from '@/lib/domain/team';
import type { Risk } from '@/lib/domain/tool';
import type { Commit } from '@/server/engine/ports/store';
import { forAll, plainCall } from '@/tests/support/desk';
import { SessionWriter } from './session-writer';

/** What a session that is written open holds. */
export interface OpenSessionOrder {
  /** Which one it is, from 0: it decides agent, servers, tools and teams. */
  readonly number: number;
  readonly requests: number;
  readonly startedAt: number;
  /** When each request ends, by its place in the session. */
  readonly dueAt: (request: number) => number;
}

const agents = ['night-watch', 'billing-helper', 'oncall-copilot', 'data-steward', 'release-bot', 'support-triage'];
const teams: readonly (TeamRef | null)[] = [
  null,
  { id: 'payments' as TeamId, name: 'Payments' },
  { id: 'platform' as TeamId, name: 'Platform' },
  null,
  { id: 'support' as TeamId, name: 'Support' },
];
const tools: readonly {
  readonly server: string;
  readonly name: string;
  readonly title: string;
  readonly risk: Risk;
}[] = [
  { server: 'incidents', name: 'restart_service', title: 'Restart a service', risk: 'destructive' },
  { server: 'payments', name: 'issue_refund', title: 'Issue a refund', risk: 'destructive' },
  { server: 'sandbox-accounts', name: 'create_account', title: 'Create an account', risk: 'writes' },
  { server: 'crm', name: 'update_contact', title: 'Update a contact', risk: 'writes' },
  { server: 'warehouse', name: 'run_query', title: 'Run a query', risk: 'read_only' },
  { server: 'deploys', name: 'roll_back', title: 'Roll back a deploy', risk: 'destructive' },
  { server: 'mail', name: 'send_message', title: 'Send a message', risk: 'writes' },
];
const stepMs = 40;
/** Of so many requests one is a question of a server, which waits in a live call; the others are held calls. */
const questionEvery = 3;

/** A session whose requests are all open: a start takes it up as live. Nothing of it needs a server. */
export function openSession({ number, requests, startedAt, dueAt }: OpenSessionOrder): Commit {
  const session = new SessionWriter({ startedAt, stepMs, server: 'incidents' });
  const name = agents[number % agents.length] ?? 'agent';
  const agent: Actor = { kind: 'agent', id: `agt_${name}` as AgentId, name };
  session.note(agent, {
    type: 'session.started',
    agent: { id: agent.id, name },
    client: { name, version: '2.1.0' },
    scope: null,
    protocolVersion: '2025-11-25',
  });
  for (let request = 0; request < requests; request += 1) {
    const place = { number: number * requests + request, dueAt: dueAt(request) };
    if (request % questionEvery === 0) askQuestion(session, place);
    else holdCall(session, agent, place);
  }
  return session.commit();
}

interface RequestPlace {
  /** Its number among all requests: part of its title, so that no two say the same. */
  readonly number: number;
  readonly dueAt: number;
}

function partsOf(number: number): { readonly tool: (typeof tools)[number]; readonly team: TeamRef | null } {
  const tool = tools[number % tools.length];
  if (tool === undefined) throw new Error('There are no tools');
  return { tool, team: teams[number % teams.length] ?? null };
}

function holdCall(session: SessionWriter, agent: Actor, { number, dueAt }: RequestPlace): void {
  const { tool, team } = partsOf(number);
  const callId = mintId('call', randomBytes);
  const requestId = mintId('request', randomBytes);
  const args = argumentsOf(number);
  const title = `${tool.title}: checkout-${number}`;
  const { server, name, risk } = tool;
  session.keep(callId, { arguments: args, tool: definitionOf(tool) });
  session.note(agent, {
    type: 'call.received',
    callId,
    server,
    tool: name,
    title,
    annotations: {},
    risk,
    argumentsBytes: JSON.stringify(args).length,
    ...plainCall,
  });
  const rule = { id: 'hold-writes', words: 'Held by rule hold-writes.' };
  session.note(holdpoint, { type: 'call.held', callId, rule, requestId });
  session.note(holdpoint, {
    type: 'request.opened',
    requestId,
    kind: 'approval',
    callId,
    candidates: [],
    server,
    tool: name,
    title,
    risk,
    deadline: deadlineAt(dueAt, 'rule'),
    upstream: null,
    digest: requestId,
    elicitationId: null,
    earlier: null,
    ...forAll,
    team,
    approval: plainTerms,
  });
}

/** Asked outside any call that can be named, so that no connection has to be taken up for it. */
function askQuestion(session: SessionWriter, { number, dueAt }: RequestPlace): void {
  const { tool, team } = partsOf(number);
  const requestId = mintId('request', randomBytes);
  const ask = {
    message: `Which region is meant for customer ${number}?`,
    requestedSchema: {
      type: 'object',
      properties: {
        region: { type: 'string', title: 'Region', enum: ['eu-west', 'eu-north', 'us-east', 'ap-south'] },
        note: { type: 'string', title: 'Note', maxLength: 400 },
      },
      required: ['region'],
    },
  };
  session.keep(requestId, { ask });
  session.note(
    { kind: 'server', name: tool.server },
    {
      type: 'request.opened',
      requestId,
      kind: 'form',
      callId: null,
      candidates: [],
      server: tool.server,
      tool: null,
      title: ask.message,
      risk: tool.risk,
      deadline: deadlineAt(dueAt, 'default'),
      upstream: null,
      digest: null,
      elicitationId: null,
      earlier: null,
      ...forAll,
      team,
    },
  );
}

function deadlineAt(at: number, cause: 'rule' | 'default'): Deadline {
  return { at, cause, reason: 'requests here wait some hours', onExpiry: 'deny' };
}

function argumentsOf(number: number): JsonObject {
  return {
    service: `checkout-${number}`,
    amount: { currency: 'EUR', cents: 1_000 + number },
    reason: 'The customer was charged twice for the same order, and asked for one of the two to be given back.',
    orders: [`ord-${number}-a`, `ord-${number}-b`],
    dryRun: false,
  };
}

function definitionOf({ name, title }: (typeof tools)[number]): JsonObject {
  return {
    name,
    title,
    description: `${title}, after a person looked at it. What it changes cannot be taken back by itself.`,
    inputSchema: {
      type: 'object',
      properties: { service: { type: 'string' }, amount: { type: 'object' }, reason: { type: 'string' } },
      required: ['service'],
    },
  };
}
