import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Socket, Server } from 'socket.io';
import { z } from 'zod';
import type { Origin } from '@/lib/domain/audit';
import type { PersonId } from '@/lib/domain/ids';
import { isTheirs, may, type Person } from '@/lib/domain/permission';
import { type Result, refuse } from '@/lib/domain/refusal';
import type { SessionSummary } from '@/lib/domain/summary';
import { commandSchema } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import type { OriginOf } from '@/server/engine/ports/origin';
import type { Change } from '@/server/engine/ports/publisher';
import { type CommandPorts, createHandlers, type Guest, runCommand } from './commands';
import type { Hub } from './hub';
import { Presence } from './presence';
import { Pace } from './pace';
import { leaveClosed } from './leave-closed';
import { rooms } from './rooms';
import { type Gathered, SessionPushes } from './session-pushes';

const socketPath = '/socket.io/';
/** How long an upgrade that is not ours may wait for who takes it. */
const untakenMs = 10_000;
const longestMessageBytes = 2_000_000;
/** How long a cookie is believed before it is looked at again. */
const recheckMs = 30_000;
const commandsPerSecond = 50;

export interface GatewayPorts extends Omit<CommandPorts, 'presence' | 'tellPresence' | 'now'> {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: Directory;
  readonly originOf: OriginOf;
  /** Whether a session's raw messages are closed to a person. */
  readonly isRawClosed: (person: Person, summary: SessionSummary) => boolean;
  /** Origins pages may come from, besides the host they ask. */
  readonly origins: readonly string[];
}

export interface Gateway {
  attach(server: HttpServer): void;
  /** Whether a person has a page open. */
  isAtBrowser(id: PersonId): boolean;
  /** How many pages are connected. */
  connected(): number;
  /** Says something to every page of one person; to how many. */
  pushTo(id: PersonId, message: Push): number;
  stop(): Promise<void>;
}

/** The browsers' side: who is signed in may connect, say commands, and hear what they may hear. */
export function createGateway(ports: GatewayPorts): Gateway {
  const browsers = new Browsers(ports);
  return {
    attach: (server) => browsers.attach(server),
    isAtBrowser: (id) => browsers.isAtBrowser(id),
    connected: () => browsers.count,
    pushTo: (id, message) => browsers.pushTo(id, message),
    stop: () => browsers.stop(),
  };
}

interface Signed {
  readonly person: Person;
  readonly checkedAt: number;
}

class Browsers {
  private readonly io: Server;
  private readonly presence = new Presence();
  private readonly handlers: ReturnType<typeof createHandlers>;
  private readonly sessions: SessionPushes;
  private readonly stopListening: () => void;
  private stopSweeping: () => void = () => undefined;

  constructor(private readonly ports: GatewayPorts) {
    this.io = new Server({
      path: socketPath,
      transports: ['websocket'],
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: longestMessageBytes,
      allowRequest: (request, allow) => allow(null, fromOwnPage(request, ports.origins)),
    });
    const { presence } = this;
    this.handlers = createHandlers({
      ...ports,
      now: () => ports.clock.now(),
      presence,
      tellPresence: (entries) => this.tellPresence(entries),
    });
    this.sessions = new SessionPushes({ clock: ports.clock, say: (gathered) => this.tellSession(gathered) });
    this.stopListening = ports.hub.listen((change) => this.tell(change));
    this.io.use((socket, next) => {
      void this.welcome(socket).then(next);
    });
    this.io.on('connection', (socket) => this.connected(socket));
    ports.directory.onPersonChanged((id) => this.personChanged(id));
    this.sweep();
  }

  /** A page that says nothing is looked at too: it must not hear on after its sign-in has run out. */
  private sweep(): void {
    const { clock, log } = this.ports;
    this.stopSweeping = clock.after(recheckMs, () => {
      for (const socket of this.io.sockets.sockets.values()) {
        if (clock.now() - signed(socket).checkedAt < recheckMs) continue;
        // While the database is away nobody is sent off for it; they are looked at again.
        this.refresh(socket).catch((error: unknown) => log.warn({ err: error }, 'a person could not be checked again'));
      }
      this.sweep();
    });
  }

  attach(server: HttpServer): void {
    this.io.attach(server);
    // In development Next upgrades its own; what nobody takes would stay open for ever, by anyone.
    server.on('upgrade', (request: IncomingMessage, socket: Duplex & { readonly bytesWritten?: number }) => {
      if (request.url?.startsWith(socketPath) === true) return;
      socket.on('error', () => undefined);
      this.ports.clock.after(untakenMs, () => {
        if ((socket.bytesWritten ?? 0) === 0) socket.destroy();
      });
    });
  }

  async stop(): Promise<void> {
    this.stopListening();
    this.stopSweeping();
    this.sessions.stop();
    await this.io.close();
  }

  /** An error refuses the handshake; its message is for the page to act on. */
  private async welcome(socket: Socket): Promise<Error | undefined> {
    try {
      const person = await this.personOf(socket);
      if (person === null) return new Error('not_signed_in');
      keep(socket, { person, checkedAt: this.ports.clock.now() });
      return undefined;
    } catch (error) {
      this.ports.log.error({ err: error }, 'a browser could not be recognised');
      return new Error('cannot_check');
    }
  }

  private connected(socket: Socket): void {
    const { clock, log } = this.ports;
    const gone = new AbortController();
    const pace = new Pace({ perSecond: commandsPerSecond, now: () => clock.now() });
    socket.on('command', (input: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const answer = (result: Result<unknown>): void => {
        (reply as (result: Result<unknown>) => void)(result);
      };
      if (!pace.take()) return answer(refuse('too_many'));
      this.hear(socket, input, gone.signal).then(answer, (error: unknown) => {
        log.error({ err: error, person: signed(socket).person.id }, 'a command failed');
        answer(
          refuse('cannot_save', 'Something went wrong on the server. Nothing was changed; try again in a moment.'),
        );
      });
    });
    socket.on('disconnect', () => {
      gone.abort();
      this.tellPresence(this.presence.leave(socket.id));
    });
  }

  private async hear(socket: Socket, input: unknown, gone: AbortSignal): Promise<Result<unknown>> {
    const parsed = commandSchema.safeParse(input);
    if (!parsed.success)
      return refuse('bad_input', `This command was not understood: ${z.prettifyError(parsed.error).slice(0, 500)}`);
    const { person, checkedAt } = signed(socket);
    // A sign-in that ended elsewhere ends here too.
    const current = this.ports.clock.now() - checkedAt < recheckMs ? person : await this.refresh(socket);
    if (current === null) return refuse('not_signed_in');
    const guest: Guest = {
      socketId: socket.id,
      person: { ...current, from: this.originOf(socket) },
      gone,
      join: (room) => void socket.join(room),
      leave: (room) => void socket.leave(room),
    };
    return runCommand(this.handlers, guest, parsed.data);
  }

  private async refresh(socket: Socket): Promise<Person | null> {
    const person = await this.personOf(socket);
    if (person === null) {
      emit(socket, { type: 'person.changed', person: null });
      socket.disconnect(true);
      return null;
    }
    const changed = !isSamePerson(person, signed(socket).person);
    keep(socket, { person, checkedAt: this.ports.clock.now() });
    if (!changed) return person;
    await leaveClosed(socket, { person, people: this.ports.people, isRawClosed: this.ports.isRawClosed });
    emit(socket, { type: 'person.changed', person });
    return person;
  }

  isAtBrowser(id: PersonId): boolean {
    for (const socket of this.io.sockets.sockets.values()) if (signed(socket).person.id === id) return true;
    return false;
  }

  get count(): number {
    return this.io.sockets.sockets.size;
  }

  /** For one person's pages only. */
  pushTo(id: PersonId, message: Push): number {
    const sockets = [...this.io.sockets.sockets.values()].filter((socket) => signed(socket).person.id === id);
    for (const socket of sockets) emit(socket, message);
    return sockets.length;
  }

  private personChanged(id: PersonId): void {
    for (const socket of this.io.sockets.sockets.values()) {
      if (signed(socket).person.id !== id) continue;
      this.refresh(socket).catch((error: unknown) => {
        this.ports.log.error({ err: error }, 'a person could not be checked again');
        socket.disconnect(true);
      });
    }
  }

  private tell(change: Change): void {
    const { io } = this;
    switch (change.change) {
      case 'request':
        return this.tellRequest(change);
      case 'session':
        this.closeRaw(change.summary);
        return this.sessions.tell(change);
      case 'events':
      case 'raw':
        return this.sessions.tell(change);
      case 'ending':
        return push(io, rooms.endings, { type: 'ending.changed', operation: change.operation });
      case 'audit':
        return this.tellAudit();
      case 'pauses':
        return void io.emit('push', { type: 'pauses.changed', list: change.list } satisfies Push);
      case 'rules':
        return void io.emit('push', { type: 'rules.changed', version: change.version } satisfies Push);
      case 'servers':
        return void io.emit('push', { type: 'servers.changed' } satisfies Push);
      case 'storage':
        return void io.emit('push', { type: 'storage.changed', ok: change.ok } satisfies Push);
      // For who tells people that do not look; a page sees it by its own clock.
      case 'alarm':
        return;
    }
  }

  private tellSession({ sessionId, raw, events, summary }: Gathered): void {
    const { io } = this;
    if (raw.length > 0) push(io, rooms.raw(sessionId), { type: 'session.raw', sessionId, messages: raw });
    if (events.length > 0) push(io, rooms.session(sessionId), { type: 'session.events', sessionId, events });
    if (summary !== null) push(io, [rooms.sessions, rooms.session(sessionId)], { type: 'session.changed', summary });
  }

  private tellAudit(): void {
    for (const socket of this.io.sockets.sockets.values()) {
      const { person } = signed(socket);
      if (may(person.role, 'audit.read'))
        emit(socket, { type: 'audit.changed', broken: this.ports.audit.broken(person) });
    }
  }

  /** To each page what its person may see (I11); one that may see it no more hears that it is gone, and no more than that. */
  private tellRequest({ item, seq, before }: Extract<Change, { readonly change: 'request' }>): void {
    const { request } = item;
    // One that a model answers is nobody's to see in the queue while it does.
    const message: Push = { type: 'request.changed', seq, item };
    const isForAll = request.team === null && (before === null || before.team === null);
    if (isForAll) return push(this.io, rooms.queue, message);
    const gone: Push = { type: 'request.gone', seq, requestId: request.requestId };
    const whose = this.inRoom(rooms.queue).map((socket) => ({ id: socket.id, person: signed(socket).person }));
    const see = whose.filter(({ person }) => isTheirs(person, request));
    const saw = whose.filter(({ person }) => !isTheirs(person, request) && before !== null && isTheirs(person, before));
    this.pushEach(see, message);
    this.pushEach(saw, gone);
  }

  /** Made into text once, however many hear it. */
  private pushEach(sockets: readonly { readonly id: string }[], message: Push): void {
    // To no one is to everyone, for socket.io.
    if (sockets.length > 0) this.io.to(sockets.map(({ id }) => id)).emit('push', message);
  }

  private inRoom(room: string): readonly Socket[] {
    const ids = this.io.sockets.adapter.rooms.get(room);
    if (ids === undefined) return [];
    return [...ids].flatMap((id) => this.io.sockets.sockets.get(id) ?? []);
  }

  /** A session that begins to ask a team stops showing its raw messages to who is not in it. */
  private closeRaw(summary: SessionSummary): void {
    if (summary.teams.length === 0) return;
    const room = rooms.raw(summary.session.sessionId);
    for (const socket of this.inRoom(room))
      if (this.ports.isRawClosed(signed(socket).person, summary)) void socket.leave(room);
  }

  private tellPresence(entries: ReturnType<Presence['look']>): void {
    for (const entry of entries) {
      const route = this.ports.routeOf(entry.requestId);
      if (route === null) continue;
      const see = this.inRoom(rooms.queue).filter((socket) => isTheirs(signed(socket).person, route));
      this.pushEach(see, { type: 'presence.changed', entry });
    }
  }

  private originOf(socket: Socket): Origin {
    const { headers, address } = socket.handshake;
    const forwarded = headers['x-forwarded-for'];
    return this.ports.originOf(
      {
        socketAddress: address,
        forwardedFor: forwarded === undefined ? null : [forwarded].flat().join(','),
        userAgent: headers['user-agent'] ?? null,
      },
      'browser',
    );
  }

  private personOf(socket: Socket): Promise<Person | null> {
    const headers = new Headers();
    const { cookie, 'user-agent': agent } = socket.handshake.headers;
    if (cookie !== undefined) headers.set('cookie', cookie);
    if (agent !== undefined) headers.set('user-agent', agent);
    return this.ports.directory.personOf(headers);
  }
}

/** What they may see or do is the same. */
function isSamePerson(a: Person, b: Person): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function keep(socket: Socket, data: Signed): void {
  socket.data = data;
}

function signed(socket: Socket): Signed {
  return socket.data as Signed;
}

function emit(socket: Socket, message: Push): void {
  socket.emit('push', message);
}

function push(io: Server, room: string | string[], message: Push): void {
  // socket.io would turn the message into text first, and most rooms are empty most of the time.
  const { rooms: inhabited } = io.sockets.adapter;
  if ([room].flat().some((each) => inhabited.has(each))) io.to(room).emit('push', message);
}

/** Another site's page must not speak with a person's cookie. */
export function fromOwnPage(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (origins.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
}
