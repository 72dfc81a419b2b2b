import type { RequestId } from '@/lib/domain/ids';
import { isTheirs, type Person, type Routed, withoutOrigin } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { notNarrowed } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Command, CommandOf, CommandType } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { protocolVersion } from '@/lib/protocol/version';
import type { Directory } from '@/server/engine/ports/directory';
import type { ControlDesk } from '@/server/engine/ports/control';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { controlHandlers } from './control-commands';
import { type KeepingPort, keepingHandlers, type ValuesPort } from './keeping-commands';
import { type AuditPort, auditHandlers } from './audit-commands';
import { meHandlers } from './me-commands';
import { type NoticesPort, noticeHandlers } from './notice-commands';
import type { Presence } from './presence';
import { type RulesPort, ruleHandlers } from './rule-commands';
import { rooms, watch } from './rooms';
import { type ServersPort, serverHandlers } from './server-commands';
import { teamHandlers } from './team-commands';

const eventsPage = 1_000;
const rawPage = 1_000;
const queuePage = 100;
const sessionsPage = 50;

/** What a socket is, for the commands that come over it. */
export interface Guest {
  readonly socketId: string;
  readonly person: Person;
  /** Aborted when the page goes: what only it waits for ends with it. */
  readonly gone: AbortSignal;
  join(room: string): void;
  leave(room: string): void;
}

export interface CommandPorts {
  readonly people: PeopleDesk;
  readonly control: ControlDesk;
  readonly audit: AuditPort;
  readonly rules: RulesPort;
  readonly notices: NoticesPort;
  readonly keeping: KeepingPort;
  readonly values: ValuesPort;
  readonly directory: Directory;
  readonly servers: ServersPort;
  /** Whose a request is; null when there is none. */
  readonly routeOf: (id: RequestId) => Routed | null;
  readonly storageOk: () => boolean;
  readonly now: () => number;
  readonly presence: Presence;
  readonly tellPresence: (entries: ReturnType<Presence['look']>) => void;
}

export type Handlers = {
  readonly [T in CommandType]: (guest: Guest, command: CommandOf<T>) => Promise<Result<ReplyOf[T]>>;
};

/** One handler per command; each hands on to a desk that checks what this person may do (I11). */
export function createHandlers(ports: CommandPorts): Handlers {
  return {
    ...queueHandlers(ports),
    ...requestHandlers(ports.people, ports),
    ...sessionHandlers(ports),
    ...adminHandlers(ports),
    ...teamHandlers(ports.directory),
    ...auditHandlers(ports.audit),
    ...ruleHandlers(ports.rules),
    ...serverHandlers(ports.servers),
    ...meHandlers(ports.directory),
    ...noticeHandlers(ports.notices),
    ...controlHandlers(ports.control),
    ...keepingHandlers(ports),
  };
}

function queueHandlers(ports: CommandPorts): Pick<Handlers, 'hello' | `queue.${'watch' | 'page' | 'counts'}`> {
  const { people } = ports;
  return {
    hello: async ({ person }, { version }) => {
      if (version !== protocolVersion) return refuse('old_page');
      const pauses = ports.control.pauses(person);
      if (!pauses.ok) return pauses;
      return done({
        version,
        person: withoutOrigin(person),
        now: ports.now(),
        storageOk: ports.storageOk(),
        pauses: pauses.value,
        auditBroken: ports.audit.broken(person),
      });
    },
    'queue.watch': (guest, { look }) =>
      watch(guest, { action: 'queue.read', room: rooms.queue }, async () => {
        const page = await people.queue(guest.person, { look, after: null, limit: queuePage });
        if (!page.ok) return page;
        const counts = await people.queueCounts(guest.person);
        if (!counts.ok) return counts;
        const presence = ports.presence.all().filter(({ requestId }) => {
          const route = ports.routeOf(requestId);
          return route !== null && isTheirs(guest.person, route);
        });
        return done({ ...page.value, counts: counts.value, presence });
      }),
    'queue.page': (guest, { look, after }) => people.queue(guest.person, { look, after, limit: queuePage }),
    'queue.counts': (guest) => people.queueCounts(guest.person),
  };
}

type RequestCommand =
  `request.${'read' | 'history' | 'look' | 'claim' | 'release' | 'answer' | 'edit' | 'assign' | 'people' | 'note' | 'draft'}`;

function requestHandlers(people: PeopleDesk, ports: CommandPorts): Pick<Handlers, RequestCommand> {
  return {
    'request.read': (guest, { requestId }) => people.request(guest.person, requestId),
    'request.history': async (guest, { requestId }) => {
      const events = await people.history(guest.person, requestId);
      return events.ok ? done({ events: events.value }) : events;
    },
    'request.look': async (guest, { requestId, typing }) => {
      const { presence } = ports;
      // Of a page that is gone nobody would ever say that it looks no more.
      if (guest.gone.aborted) return done(null);
      const ask = presence.ask(guest.socketId);
      const seen = requestId === null ? null : await people.request(guest.person, requestId);
      const isAllowed = seen?.ok === true && requestId !== null;
      const look = isAllowed ? { person: guest.person, requestId, typing } : null;
      if (presence.isLast(guest.socketId, ask)) ports.tellPresence(presence.look(guest.socketId, look));
      return seen?.ok === false ? seen : done(null);
    },
    'request.claim': (guest, { requestId }) => people.claim(guest.person, requestId),
    'request.release': (guest, { requestId }) => people.release(guest.person, requestId),
    'request.answer': (guest, { type: _type, ...order }) => people.answer(guest.person, order),
    'request.edit': (guest, { type: _type, ...order }) => people.edit(guest.person, order),
    'request.assign': (guest, { requestId, to }) => people.assign(guest.person, requestId, to),
    'request.people': async (guest, { requestId }) => {
      const found = await people.peopleFor(guest.person, requestId);
      return found.ok ? done({ people: found.value }) : found;
    },
    'request.note': (guest, { type: _type, ...order }) => people.note(guest.person, order),
    'request.draft': (guest, { type: _type, ...order }) => people.draft(guest.person, order, guest.gone),
  };
}

function sessionHandlers(
  ports: CommandPorts,
): Pick<
  Handlers,
  | 'overview.read'
  | `sessions.${'watch' | 'counts' | 'picks'}`
  | `session.${'watch' | 'page' | 'find' | 'unwatch' | 'raw' | 'preview_end' | 'end'}`
> {
  const { people } = ports;
  return {
    'sessions.watch': (guest, { live, search, before, narrow = notNarrowed }) =>
      watch(guest, { action: 'session.read', room: rooms.sessions }, async () => {
        const found = await people.sessions(guest.person, { live, search, narrow, before, limit: sessionsPage + 1 });
        return found.ok
          ? done({ sessions: found.value.slice(0, sessionsPage), more: found.value.length > sessionsPage })
          : found;
      }),
    'sessions.counts': (guest, { search, narrow }) => people.sessionCounts(guest.person, { search, narrow }),
    'sessions.picks': (guest) => people.sessionPicks(guest.person),
    'overview.read': (guest, { period, timeZone }) => people.overview(guest.person, { period, timeZone }),
    'session.watch': (guest, { sessionId, afterSeq }) =>
      watch(guest, { action: 'session.read', room: rooms.session(sessionId) }, async () => {
        const summary = await people.session(guest.person, sessionId);
        if (!summary.ok) return summary;
        return afterSeq === null
          ? newestEvents(people, guest, summary.value)
          : laterEvents(people, guest, { summary: summary.value, afterSeq });
      }),
    'session.page': (guest, { sessionId, place }) => people.page(guest.person, sessionId, place),
    'session.find': (guest, { sessionId, search, group }) =>
      people.find(guest.person, { sessionId, look: { search, group } }, guest.gone),
    'session.unwatch': async (guest, { sessionId }) => {
      guest.leave(rooms.session(sessionId));
      guest.leave(rooms.raw(sessionId));
      return done(null);
    },
    'session.raw': (guest, { sessionId, page }) =>
      watch(guest, { action: 'session.raw', room: rooms.raw(sessionId) }, async () => {
        const { person } = guest;
        const read =
          page.is === 'after'
            ? await people.raw(person, sessionId, { afterSeq: page.seq, limit: rawPage })
            : await people.rawBefore(person, sessionId, {
                beforeSeq: page.is === 'before' ? page.seq : null,
                limit: rawPage,
              });
        if (!read.ok) return read;
        const purge = await people.rawPurge(person, sessionId);
        if (!purge.ok) return purge;
        return done({ ...read.value, purge: purge.value });
      }),
    'session.preview_end': (guest, { sessionId }) => people.previewEnd(guest.person, sessionId),
    'session.end': (guest, { sessionId, reason }) => people.end(guest.person, sessionId, reason),
  };
}

async function newestEvents(
  people: PeopleDesk,
  guest: Guest,
  summary: SessionSummary,
): Promise<Result<ReplyOf['session.watch']>> {
  const page = await people.page(guest.person, summary.session.sessionId, { is: 'newest' });
  if (!page.ok) return page;
  const { events, origins, fromSeq } = page.value;
  return done({ summary, events, origins, fromSeq, more: fromSeq > 1 });
}

async function laterEvents(
  people: PeopleDesk,
  guest: Guest,
  { summary, afterSeq }: { readonly summary: SessionSummary; readonly afterSeq: number },
): Promise<Result<ReplyOf['session.watch']>> {
  const page = { afterSeq, limit: eventsPage };
  const events = await people.events(guest.person, summary.session.sessionId, page);
  if (!events.ok) return events;
  const more = events.value.length === eventsPage;
  return done({ summary, events: events.value, origins: [], fromSeq: afterSeq + 1, more });
}

type AdminCommand =
  | `agents.${'list' | 'create' | 'revoke' | 'set_owner'}`
  | `people.${'list' | 'invite' | 'withdraw' | 'set_role' | 'disable' | 'enable' | 'reset'}`;

function adminHandlers(ports: CommandPorts): Pick<Handlers, AdminCommand> {
  const { directory } = ports;
  return {
    'agents.list': async (guest) => {
      const agents = await directory.agents(guest.person);
      return agents.ok ? done({ agents: agents.value }) : agents;
    },
    'agents.create': (guest, { type: _type, ...order }) => directory.createAgent(guest.person, order),
    'agents.set_owner': (guest, { agentId, owner }) => directory.setAgentOwner(guest.person, agentId, owner),
    'agents.revoke': (guest, { agentId }) => directory.revokeAgent(guest.person, agentId),
    'people.list': (guest) => directory.people(guest.person),
    'people.invite': (guest, { email, role }) => directory.invite(guest.person, { email, role }),
    'people.withdraw': (guest, { invitationId }) => directory.withdrawInvitation(guest.person, invitationId),
    'people.set_role': (guest, { personId, role }) => directory.setRole(guest.person, personId, role),
    'people.disable': (guest, { personId }) => directory.disable(guest.person, personId),
    'people.enable': (guest, { personId }) => directory.enable(guest.person, personId),
    'people.reset': (guest, { personId, tokens }) => directory.resetLink(guest.person, personId, tokens),
  };
}

/** Runs one command with its own handler. */
export function runCommand<C extends Command>(handlers: Handlers, guest: Guest, command: C): Promise<Result<unknown>> {
  const handler = handlers[command.type] as (guest: Guest, command: C) => Promise<Result<unknown>>;
  return handler(guest, command);
}
