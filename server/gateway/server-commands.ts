import type { ServerRow } from '@/lib/domain/directory';
import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { ServerOrder, ServerPage, ServerSettings, ServerTest, ToolVersion, Tried } from '@/lib/domain/server';
import type { Handlers } from './commands';

/** Servers as people reach them; whoever keeps them checks who asks (I11). */
export interface ServersPort {
  list(person: Person): Promise<Result<{ readonly servers: readonly ServerRow[] }>>;
  read(person: Person, name: string): Promise<Result<ServerPage>>;
  tool(person: Person, server: string, tool: string): Promise<Result<{ readonly versions: readonly ToolVersion[] }>>;
  add(person: Person, order: ServerOrder): Promise<Result<ServerSettings>>;
  change(person: Person, order: ServerOrder, revision: number): Promise<Result<ServerSettings>>;
  remove(person: Person, name: string, revision: number): Promise<Result<true>>;
  test(person: Person, what: { readonly name: string } | { readonly order: ServerOrder }): Promise<Result<ServerTest>>;
  accept(
    person: Person,
    server: string,
    seen: readonly { readonly tool: string; readonly digest: string }[],
  ): Promise<Result<{ readonly accepted: number }>>;
  try(
    person: Person,
    order: { readonly server: string; readonly tool: string; readonly arguments: JsonObject },
  ): Promise<Result<Tried>>;
  tried(person: Person, callId: CallId): Promise<Result<Tried>>;
  cancelTry(person: Person, callId: CallId): Promise<Result<Tried>>;
}

type ServerCommand = `servers.${
  | 'list'
  | 'read'
  | 'tool'
  | 'add'
  | 'change'
  | 'remove'
  | 'test'
  | 'accept'
  | 'try'
  | 'tried'
  | 'cancel_try'}`;

export function serverHandlers(servers: ServersPort): Pick<Handlers, ServerCommand> {
  return {
    'servers.list': (guest) => servers.list(guest.person),
    'servers.read': (guest, { name }) => servers.read(guest.person, name),
    'servers.tool': (guest, { server, tool }) => servers.tool(guest.person, server, tool),
    'servers.add': (guest, { server }) => servers.add(guest.person, server),
    'servers.change': (guest, { server, revision }) => servers.change(guest.person, server, revision),
    'servers.remove': (guest, { name, revision }) => servers.remove(guest.person, name, revision),
    'servers.test': (guest, command) => servers.test(guest.person, command.of),
    'servers.accept': (guest, { server, tools }) => servers.accept(guest.person, server, tools),
    'servers.try': (guest, { type: _type, ...order }) => servers.try(guest.person, order),
    'servers.tried': (guest, { callId }) => servers.tried(guest.person, callId),
    'servers.cancel_try': (guest, { callId }) => servers.cancelTry(guest.person, callId),
  };
}
