import { actBy } from '@/lib/domain/act-by';
import type { AuditAct, AuditDraft, AuditSubject } from '@/lib/domain/audit';
import type { ServerRow } from '@/lib/domain/directory';
import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Action, Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type {
  ServerNow,
  ServerOrder,
  ServerPage,
  ServerSettings,
  ServerTest,
  ToolVersion,
  Tried,
} from '@/lib/domain/server';
import type { Audit, AuditDue, AuditDueRow } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ServerEntry } from '@/server/engine/ports/servers';
import type { Changer, ServerBook } from './server-book';
import { serverPage, toolRowsOf } from './server-page';
import type { ToolBook } from './tool-book';
import type { OfferedTools } from './tool-offers';
import { versionsOf } from './tool-versions';
import type { TryOrder, Trying } from './trying';

const testsAtOnce = 4;

interface Deed {
  readonly act: AuditAct;
  readonly about: AuditSubject;
  readonly facts: JsonObject;
}

interface Parts {
  readonly book: ServerBook;
  readonly tools: ToolBook;
  readonly offers: OfferedTools;
  readonly trying: Trying;
  readonly audit: Audit & AuditDue;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: {
    servers(person: Person): Result<{ readonly servers: readonly ServerRow[] }>;
    serverSight(name: string): ServerNow;
    testServer(server: ServerEntry): Promise<ServerTest>;
    serversChanged(): void;
  };
}

/** What people may do with servers; each method checks who asks (I11). */
export class ServersDesk {
  #testing = 0;

  constructor(private readonly parts: Parts) {}

  list(person: Person): Promise<Result<{ readonly servers: readonly ServerRow[] }>> {
    return this.allowed(person, 'server.read', async () => {
      const { book, tools, engine } = this.parts;
      const listed = engine.servers(person);
      if (!listed.ok) return listed;
      const rows = listed.value.servers.map((row) => ({ ...row, waiting: tools.waiting(row.name) }));
      const unusable = book
        .browserServers()
        .flatMap(({ name, settings }) => (settings.unusable === null ? [] : [unusableRow(name, settings)]));
      return done({ servers: [...rows, ...unusable] });
    });
  }

  read(person: Person, name: string): Promise<Result<ServerPage>> {
    return this.allowed(person, 'server.read', async () => {
      const listed = await this.list(person);
      if (!listed.ok) return listed;
      const { book, engine } = this.parts;
      const rows = listed.value.servers.filter((row) => row.name === name);
      const row = rows.find(({ source }) => source === 'browser') ?? rows[0];
      if (row === undefined) return refuse('not_found', `There is no server named ${name}.`);
      const sight = engine.serverSight(name);
      const found = await toolRowsOf(this.parts, name);
      return done(serverPage(row, { book, sight, tools: found }));
    });
  }

  tool(person: Person, server: string, tool: string): Promise<Result<{ readonly versions: readonly ToolVersion[] }>> {
    return this.allowed(person, 'server.read', async () => {
      const versions = await versionsOf(this.parts.tools, server, tool);
      return versions === null ? refuse('not_found', `${server} has no tool named ${tool}.`) : done({ versions });
    });
  }

  add(person: Person, order: ServerOrder): Promise<Result<ServerSettings>> {
    return this.allowed(person, 'server.manage', async () => {
      const added = await this.parts.book.add(this.changer(person, 'server.added', order.name), order);
      if (added.ok) await this.changed(person, 'server.added', order.name);
      return added;
    });
  }

  change(person: Person, order: ServerOrder, revision: number): Promise<Result<ServerSettings>> {
    return this.allowed(person, 'server.manage', async () => {
      const changed = await this.parts.book.change(this.changer(person, 'server.changed', order.name), order, revision);
      if (changed.ok) await this.changed(person, 'server.changed', order.name);
      return changed;
    });
  }

  remove(person: Person, name: string, revision: number): Promise<Result<true>> {
    return this.allowed(person, 'server.manage', async () => {
      const { book, tools } = this.parts;
      const by = this.changer(person, 'server.removed', name);
      const remove = (): Promise<Result<true>> => book.remove(by, name, revision);
      const removed = await (book.isOfFile(name) ? remove() : tools.forget(name, remove));
      if (removed.ok) await this.changed(person, 'server.removed', name);
      return removed;
    });
  }

  /** Of one that is there as it is, or of one as it would be; nothing is kept. */
  test(person: Person, what: { readonly name: string } | { readonly order: ServerOrder }): Promise<Result<ServerTest>> {
    return this.allowed(person, 'server.manage', async () => {
      const entry = this.entryOf(what);
      if (!entry.ok) return entry;
      if (this.#testing >= testsAtOnce)
        return refuse('too_many', 'Other servers are being tested. Try again in a moment.');
      this.#testing += 1;
      try {
        return done(await this.parts.engine.testServer(entry.value));
      } finally {
        this.#testing -= 1;
      }
    });
  }

  /** What an admin saw of each tool is what its calls may rely on from now on; all or none. */
  accept(
    person: Person,
    server: string,
    seen: readonly { readonly tool: string; readonly digest: string }[],
  ): Promise<Result<{ readonly accepted: number }>> {
    return this.allowed(person, 'server.manage', async () => {
      const { tools } = this.parts;
      const accepted = await tools.accept(server, {
        by: { id: person.id, name: person.name },
        tools: seen.map(({ tool, digest }) => {
          const about = { kind: 'tool', id: `${server}/${tool}`, name: tool } as const;
          return { tool, digest, act: this.row(person, { act: 'tool.accepted', about, facts: { server, digest } }) };
        }),
      });
      if (!accepted.ok) return accepted;
      this.parts.engine.serversChanged();
      await this.parts.audit.settle();
      return accepted;
    });
  }

  try(person: Person, order: TryOrder): Promise<Result<Tried>> {
    return this.allowed(person, 'server.manage', async () => {
      const { server, tool } = order;
      const about = { kind: 'tool', id: `${server}/${tool}`, name: tool } as const;
      await this.parts.audit.record(this.draft(person, { act: 'server.tool_tried', about, facts: { server } }));
      return this.parts.trying.begin(person, order);
    });
  }

  tried(person: Person, callId: CallId): Promise<Result<Tried>> {
    return this.allowed(person, 'server.manage', () => this.parts.trying.read(person, callId));
  }

  cancelTry(person: Person, callId: CallId): Promise<Result<Tried>> {
    return this.allowed(person, 'server.manage', () => this.parts.trying.cancel(person, callId));
  }

  private entryOf(what: { readonly name: string } | { readonly order: ServerOrder }): Result<ServerEntry> {
    const { book } = this.parts;
    if ('order' in what) return book.resolve(what.order);
    const entry = book.get(what.name);
    return entry === undefined ? refuse('not_found', `There is no server named ${what.name} in force.`) : done(entry);
  }

  private changer(person: Person, act: AuditAct, name: string): Changer {
    return {
      person,
      act: (settings) => {
        const facts = settings === null ? {} : { where: shownTarget(settings), revision: settings.revision };
        return this.row(person, { act, about: { kind: 'server', id: name, name }, facts });
      },
    };
  }

  private async changed(person: Person, act: AuditAct, name: string): Promise<void> {
    this.parts.engine.serversChanged();
    this.parts.log.info({ server: name, by: person.id, act }, 'servers were changed');
    await this.parts.audit.settle();
  }

  private row(person: Person, deed: Deed): AuditDueRow {
    return this.parts.audit.row(this.draft(person, deed));
  }

  private draft(person: Person, deed: Deed): AuditDraft {
    return actBy(person, { ...deed, at: this.parts.clock.now(), why: null });
  }

  private async allowed<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, action);
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      this.parts.log.error({ err: error }, 'servers could not be read or changed');
      return refuse('cannot_save');
    }
  }
}

function shownTarget({ target }: ServerSettings): string {
  return target.kind === 'url' ? target.url : target.arn;
}

function unusableRow(name: string, settings: ServerSettings): ServerRow {
  return {
    name,
    transport: 'http',
    where: shownTarget(settings),
    trusted: settings.trusted,
    source: 'browser',
    state: 'unusable',
    liveConnections: 0,
    lastError: null,
    waiting: 0,
  };
}
