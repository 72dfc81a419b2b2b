import type { AuditDraft } from '@/lib/domain/audit';
import type { AuditDue, AuditGathering } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ChangedTool, ToldChange } from './tool-book';

/** A server whose tools change at every look fills no log: what comes in between is gathered in one entry. */
const everyMs = 60_000;
const namedMost = 20;
const gatheredMost = 5_000;

interface Parts {
  readonly audit: AuditDue;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of a server that was told of a moment ago: what came since, in an entry that is on disk and still grows. */
interface Gathered {
  readonly tools: readonly ChangedTool[];
  readonly entry: AuditGathering | null;
}

/** Says in the audit log and in ours which tools are not as they were accepted. */
export class ChangeTeller {
  readonly #parts: Parts;
  readonly #gathered = new Map<string, Gathered>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  telling(server: string, tools: readonly ChangedTool[]): ToldChange {
    const { audit, clock } = this.#parts;
    const before = this.#gathered.get(server);
    if (before === undefined) {
      const row = audit.row(draftOf(server, tools, clock.now()));
      return { row, kept: () => this.#tell(server, tools) };
    }
    const all = [...before.tools, ...tools].slice(-gatheredMost);
    const entry = before.entry ?? audit.gather();
    // Known from here on, so that what is tried again after a failure takes the same place.
    this.#gathered.set(server, { ...before, entry });
    const row = entry.row(draftOf(server, all, clock.now()));
    return { row, kept: () => this.#gather(server, { tools: all, entry }, tools) };
  }

  #gather(server: string, gathered: Gathered, fresh: readonly ChangedTool[]): void {
    if (this.#gathered.get(server)?.entry === gathered.entry) this.#gathered.set(server, gathered);
    // Its minute ended while it was written down.
    else this.#say(server, fresh);
  }

  #say(server: string, tools: readonly ChangedTool[]): void {
    const { audit, log } = this.#parts;
    const named = tools.slice(0, namedMost).map(({ tool }) => tool);
    log.warn({ server, tools: named, count: tools.length }, 'tools changed');
    void audit.settle();
  }

  #tell(server: string, tools: readonly ChangedTool[]): void {
    const { clock } = this.#parts;
    this.#say(server, tools);
    this.#gathered.set(server, { tools: [], entry: null });
    clock.after(everyMs, () => {
      const more = this.#gathered.get(server);
      this.#gathered.delete(server);
      more?.entry?.release();
      if (more !== undefined && more.tools.length > 0) this.#tell(server, more.tools);
    });
  }
}

function draftOf(server: string, tools: readonly ChangedTool[], at: number): AuditDraft {
  const [first] = tools;
  const about: AuditDraft['about'] =
    tools.length === 1 && first !== undefined
      ? { kind: 'tool', id: `${server}/${first.tool}`, name: first.tool }
      : { kind: 'server', id: server, name: server };
  const named = tools.slice(0, namedMost).map(({ tool, digest, parts }) => ({ tool, digest, parts }));
  return {
    act: 'tool.changed',
    at,
    actor: { kind: 'server', name: server },
    from: null,
    about,
    why: null,
    facts: { server, count: tools.length, tools: named },
  };
}
