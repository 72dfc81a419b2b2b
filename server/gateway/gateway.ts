import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { type Socket, Server } from 'socket.io';
import { z } from 'zod';
import type { Person } from '@/lib/domain/permission';
import { type Result, refuse } from '@/lib/domain/refusal';
import { commandSchema } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import type { Change } from '@/server/engine/ports/publisher';
import { type CommandPorts, createHandlers, type Guest, rooms, runCommand } from './commands';
import type { Hub } from './hub';
import { Presence } from './presence';
import { Pace } from './pace';

const longestMessageBytes = 2_000_000;
/** How long a cookie is believed before it is looked at again. */
const recheckMs = 30_000;
const commandsPerSecond = 50;

export interface GatewayPorts extends Omit<CommandPorts, 'presence' | 'tellPresence' | 'now'> {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: Directory;
  /** Origins pages may come from, besides the host they ask. */
  readonly origins: readonly string[];
}

export interface Gateway {
  attach(server: HttpServer): void;
  stop(): Promise<void>;
}

/** The browsers' side: who is signed in may connect, say commands, and hear what they may hear. */
export function createGateway(ports: GatewayPorts): Gateway {
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: longestMessageBytes,
    allowRequest: (request, allow) => allow(null, fromOwnPage(request, ports.origins)),
  });
  const presence = new Presence();
  const push = (room: string, message: Push): void => {
    io.to(room).emit('push', message);
  };
  const tellPresence: CommandPorts['tellPresence'] = (entries) => {
    for (const entry of entries) push(rooms.queue, { type: 'presence.changed', entry });
  };
  const handlers = createHandlers({ ...ports, now: () => ports.clock.now(), presence, tellPresence });
  const stopListening = ports.hub.listen((change) => tell(push, io, change));

  io.use((socket, next) => {
    personOf(ports, socket).then(
      (person) => {
        if (person === null) return next(new Error('not_signed_in'));
        socket.data = { person, checkedAt: ports.clock.now() };
        next();
      },
      (error: unknown) => {
        ports.log.error({ error }, 'a browser could not be recognised');
        next(new Error('cannot_check'));
      },
    );
  });

  io.on('connection', (socket) => {
    const person = personIn(socket);
    void socket.join(rooms.person(person.id));
    const pace = new Pace({ perSecond: commandsPerSecond, now: () => ports.clock.now() });
    socket.on('command', (input: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const answer = (result: Result<unknown>): void => void reply(result);
      if (!pace.take()) return answer(refuse('too_many'));
      hear(socket, input).then(answer, (error: unknown) => {
        ports.log.error({ error, person: person.id }, 'a command failed');
        answer(refuse('cannot_save', 'Something went wrong on the server. Nothing was changed; try again in a moment.'));
      });
    });
    socket.on('disconnect', () => tellPresence(presence.look(socket.id, null)));
  });

  async function hear(socket: Socket, input: unknown): Promise<Result<unknown>> {
    const parsed = commandSchema.safeParse(input);
    if (!parsed.success) return refuse('bad_input', `This command was not understood: ${z.prettifyError(parsed.error).slice(0, 500)}`);
    const person = await recheck(socket);
    if (person === null) return refuse('not_signed_in');
    const guest: Guest = {
      socketId: socket.id,
      person,
      join: (room) => void socket.join(room),
      leave: (room) => void socket.leave(room),
    };
    return runCommand(handlers, guest, parsed.data);
  }

  /** A sign-in that ended elsewhere ends here too. */
  async function recheck(socket: Socket): Promise<Person | null> {
    const data = socket.data as { person: Person; checkedAt: number };
    if (ports.clock.now() - data.checkedAt < recheckMs) return data.person;
    return refresh(socket);
  }

  async function refresh(socket: Socket): Promise<Person | null> {
    const person = await personOf(ports, socket);
    if (person === null) {
      socket.emit('push', { type: 'person.changed', person: null } satisfies Push);
      socket.disconnect(true);
      return null;
    }
    const changed = person.role !== personIn(socket).role;
    socket.data = { person, checkedAt: ports.clock.now() };
    if (changed) socket.emit('push', { type: 'person.changed', person } satisfies Push);
    return person;
  }

  ports.directory.onPersonChanged((id) => {
    for (const socket of io.sockets.sockets.values()) {
      if (personIn(socket).id !== id) continue;
      refresh(socket).catch((error: unknown) => {
        ports.log.error({ error }, 'a person could not be checked again');
        socket.disconnect(true);
      });
    }
  });

  return {
    attach: (server) => void io.attach(server),
    async stop() {
      stopListening();
      await io.close();
    },
  };
}

function tell(push: (room: string, message: Push) => void, io: Server, change: Change): void {
  switch (change.change) {
    case 'request':
      return push(rooms.queue, { type: 'request.changed', seq: change.seq, item: change.item });
    case 'session': {
      const { summary } = change;
      push(rooms.sessions, { type: 'session.changed', summary });
      return push(rooms.session(summary.session.sessionId), { type: 'session.changed', summary });
    }
    case 'events':
      return push(rooms.session(change.sessionId), { type: 'session.events', sessionId: change.sessionId, events: change.events });
    case 'raw':
      return push(rooms.raw(change.sessionId), { type: 'session.raw', sessionId: change.sessionId, messages: change.messages });
    case 'storage':
      io.emit('push', { type: 'storage.changed', ok: change.ok } satisfies Push);
  }
}

function personIn(socket: Socket): Person {
  return (socket.data as { person: Person }).person;
}

function personOf(ports: GatewayPorts, socket: Socket): Promise<Person | null> {
  const headers = new Headers();
  const { cookie, 'user-agent': agent } = socket.handshake.headers;
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (agent !== undefined) headers.set('user-agent', agent);
  return ports.directory.personOf(headers);
}

/** Another site's page must not speak with a person's cookie. */
export function fromOwnPage(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (origins.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
}

