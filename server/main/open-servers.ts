import type { PersonId } from '@/lib/domain/ids';
import type { Tried } from '@/lib/domain/server';
import type { Push } from '@/lib/protocol/pushes';
import packageFile from '@/package.json';
import { readBrowserServer } from '../config/browser-server';
import type { Environment } from '../config/environment';
import type { Engine } from '../engine/engine';
import type { Audit, AuditDue } from '../engine/ports/audit';
import type { Clock } from '../engine/ports/clock';
import type { Log } from '../engine/ports/log';
import type { Publisher } from '../engine/ports/publisher';
import type { Settings } from '../engine/ports/servers';
import { Seal } from '../notify/seal';
import { ChangeTeller } from '../servers/change-teller';
import { ServerBook } from '../servers/server-book';
import { ServersDesk } from '../servers/servers-desk';
import type { ServersDb } from '../servers/tables';
import { ToolBook } from '../servers/tool-book';
import { OfferedTools } from '../servers/tool-offers';
import { Trying } from '../servers/trying';

interface Parts {
  readonly opened: { readonly db: unknown; readonly audit: Audit & AuditDue };
  readonly hub: Publisher;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenServers {
  readonly book: ServerBook;
  readonly tools: ToolBook;
  readonly offers: OfferedTools;
  /** What people may do with servers, once there is an engine that has them. */
  desk(engine: Engine, push: (person: PersonId, message: Push) => number): ServersDesk;
}

/** The servers in force and what is known of their tools. */
export async function openServers(
  parts: Parts,
  how: {
    readonly secret: string;
    readonly settings: Pick<Settings, 'servers'>;
    readonly environment: Pick<Environment, 'browserServers'>;
  },
): Promise<OpenServers> {
  const { opened, hub, clock, log } = parts;
  const { audit } = opened;
  const { servers: file } = how.settings;
  const reach = how.environment.browserServers;
  // The store's handle knows only its own tables; these are in the same database.
  const db = opened.db as ServersDb;
  const seal = new Seal(how.secret, 'servers');
  const book = await ServerBook.open(
    { db, clock, log, seal, read: (writing) => readBrowserServer(writing, reach) },
    file,
  );
  const teller = new ChangeTeller({ audit, clock, log });
  const tools = await ToolBook.open({
    db,
    clock,
    log,
    changed: (server, changed) => {
      const telling = teller.telling(server, changed);
      return {
        row: telling.row,
        kept() {
          telling.kept();
          hub.publish({ change: 'servers' });
        },
      };
    },
  });
  const offers = new OfferedTools({ clock, log });
  return {
    book,
    tools,
    offers,
    desk(engine, push) {
      const tell = (person: PersonId, tried: Tried): void => void push(person, { type: 'server.tried', tried });
      const trying = new Trying({ agents: engine.agents, log, clientVersion: packageFile.version, tell });
      return new ServersDesk({ book, tools, offers, trying, audit, clock, log, engine });
    },
  };
}
