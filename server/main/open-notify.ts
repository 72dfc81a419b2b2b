import type { CallId, PersonId, RandomBytes, RequestId } from '@/lib/domain/ids';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { maskCovered } from '@/lib/domain/masking/cover';
import { valueAt } from '@/lib/domain/policy/pointer';
import { isUnderWay } from '@/lib/domain/call';
import { openLook } from '@/lib/domain/queue-query';
import type { HoldRequest } from '@/lib/domain/request';
import type { Push } from '@/lib/protocol/pushes';
import type { Clock } from '../engine/ports/clock';
import type { Log } from '../engine/ports/log';
import type { Masking } from '../engine/ports/masking';
import type { Roster } from '../engine/ports/roster';
import type { Store } from '../engine/ports/store';
import type { MailSettings } from '../notify/mail-settings';
import { migrateNotify } from '../notify/migrate';
import { createNotify, type Notify } from '../notify/notify';
import { noticeEventTypes } from '../notify/occasions';
import type { CallSubject, DesktopNotice, NoticeSubject, OpenSubject } from '../notify/ports';
import type { StoreOpening } from '../store/open-store';

const page = 500;
const eventsMost = 10_000;

interface Parts {
  readonly opened: Pick<Extract<StoreOpening, { ok: true }>, 'audit' | 'db' | 'kind' | 'store'>;
  readonly roster: Roster;
  readonly masking: Masking;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  readonly secret: string;
  readonly baseUrl: string;
  readonly mail: MailSettings | null;
  readonly allowsLocal: boolean;
  readonly isAtBrowser: (id: PersonId) => boolean;
  readonly push: (id: PersonId, message: Push) => number;
}

/** Tells people what waits for them, from what the store and the roster know. */
export async function openNotify(parts: Parts): Promise<Notify> {
  const { opened, roster, masking, clock, log, random, secret, baseUrl, mail } = parts;
  const { db, kind, store } = opened;
  await migrateNotify(db, kind);
  return createNotify({
    db,
    clock,
    audit: opened.audit,
    log,
    random,
    secret,
    baseUrl,
    mail,
    local: parts.allowsLocal ? 'allow-local' : 'refuse-local',
    callOf: (id) => callSubjectOf(store, roster, id),
    requestOf: (id) => subjectOf({ store, masking }, id),
    roster: () => ({
      people: roster.people().map(({ id, name, email, role }) => ({
        id,
        name,
        email,
        role,
        away: roster.awayOf(id),
        disabled: false,
      })),
      teams: roster.teamRows().map(({ id, name, members }) => ({ id, name, members: members.map((one) => one.id) })),
    }),
    openRequests: () => openOnes(store, clock),
    eventsSince: (at) => store.eventsSince({ types: noticeEventTypes, at, limit: eventsMost }),
    isAtBrowser: parts.isAtBrowser,
    pushToPerson: (id, notice) => parts.push(id, pushOf(notice)),
  });
}

function pushOf({ id, kind, title, body, path }: DesktopNotice): Push {
  return { type: 'notice', id, kind, title, body, path };
}

async function openOnes(store: Store, clock: Clock): Promise<readonly OpenSubject[]> {
  const open: OpenSubject[] = [];
  let after: { at: number; requestId: RequestId } | null = null;
  for (;;) {
    const me = { claims: '' as PersonId, assigned: [], teams: [] };
    const rows = await store.queue({ look: openLook, visible: 'all', me, now: clock.now(), after, limit: page });
    for (const { request } of rows) {
      const { requestId, openedAt, deadline } = request;
      open.push({ requestId, openedAt, deadlineAt: deadline.at });
    }
    const last = rows[rows.length - 1];
    if (rows.length < page || last === undefined) return open;
    after = { at: last.request.deadline.at, requestId: last.request.requestId };
  }
}

interface Reading {
  readonly store: Store;
  readonly masking: Masking;
}

async function subjectOf({ store, masking }: Reading, id: RequestId): Promise<NoticeSubject | null> {
  const request = await store.request(id);
  if (request === null) return null;
  const summary = await store.session(request.sessionId);
  if (summary === null) return null;
  const { requestId, sessionId, kind, state, server, tool, risk, team, alsoTeams, assignedTo, openedAt } = request;
  return {
    requestId,
    sessionId,
    kind,
    state,
    server,
    tool,
    agent: summary.session.agent.name,
    risk,
    team,
    alsoTeams,
    assignedTo,
    openedAt,
    deadlineAt: request.deadline.at,
    answeredBy: answeredBy(request),
    forModel: request.writer === 'model',
    safe: await safeFields({ store, masking }, request),
  };
}

async function callSubjectOf(store: Store, roster: Roster, id: CallId): Promise<CallSubject | null> {
  const found = await store.call(id);
  const summary = found === null ? null : await store.session(found.sessionId);
  if (found === null || summary === null) return null;
  const { call, sessionId } = found;
  const { agent } = summary.session;
  const { callId, server, tool, risk, questionsTeam } = call;
  const team =
    questionsTeam === null ? null : (roster.team(questionsTeam) ?? { id: questionsTeam, name: questionsTeam });
  const owner = roster.ownerOf(agent.id)?.id ?? null;
  const facts = { callId, sessionId, server, tool, risk, agent: agent.name, team, owner };
  if (!isUnderWay(call)) return { ...facts, underWay: null };
  const { lastSignAt, pace, state } = call;
  return { ...facts, underWay: { lastSignAt, pace, isAsking: state === 'input_required' } };
}

function answeredBy(request: HoldRequest): readonly PersonId[] {
  const voters = request.votes.map(({ by }) => by.id);
  return 'answer' in request && request.answer.by.kind === 'person' ? [...voters, request.answer.by.id] : voters;
}

/** Only what a rule marked (I14). */
async function safeFields({ store, masking }: Reading, request: HoldRequest): Promise<NoticeSubject['safe']> {
  const { callId, approval, edited, server, tool } = request;
  if (callId === null || approval === null || approval.safeFields.length === 0) return [];
  const given = await store.payload(callId, edited.length === 0 ? 'arguments' : 'edited');
  if (!isJsonObject(given)) return [];
  // A masking rule wins over one that marks a field as safe.
  const shown = maskCovered(given, masking.covered(given, { part: 'arguments', server, tool }));
  return approval.safeFields.flatMap((pointer) => {
    const value = valueAt(shown, pointer);
    return value === undefined ? [] : [{ name: pointer.split('/').pop() ?? pointer, value: textOf(value) }];
  });
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
