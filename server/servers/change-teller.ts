import type { AuditDraft } from '@/lib/domain/audit';
import type { Audit } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ChangedTool } from './tool-book';

/** A server whose tools change at every look fills no log: what comes in between is gathered. */
const everyMs = 60_000;
const namedMost = 20;

interface Parts {
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** Says in the audit log and in ours which tools are not as they were accepted. */
export class ChangeTeller {
  readonly #parts: Parts;
  /** Of servers that were told of a moment ago: what came since. */
  readonly #gathered = new Map<string, readonly ChangedTool[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  tell(server: string, tools: readonly ChangedTool[]): void {
    const gathered = this.#gathered.get(server);
    if (gathered !== undefined) {
      this.#gathered.set(server, [...gathered, ...tools].slice(-5_000));
      return;
    }
    this.#gathered.set(server, []);
    this.#say(server, tools);
    this.#parts.clock.after(everyMs, () => {
      const more = this.#gathered.get(server) ?? [];
      this.#gathered.delete(server);
      if (more.length > 0) this.tell(server, more);
    });
  }

  #say(server: string, tools: readonly ChangedTool[]): void {
    const { audit, log, clock } = this.#parts;
    log.warn(
      { server, tools: tools.slice(0, namedMost).map(({ tool }) => tool), count: tools.length },
      'tools changed',
    );
    const draft = draftOf(server, tools, clock.now());
    if (draft === null) return;
    audit
      .record(draft)
      .catch((error: unknown) => log.error({ err: error, server }, 'changed tools could not be put on record'));
  }
}

function draftOf(server: string, tools: readonly ChangedTool[], at: number): AuditDraft | null {
  const [first] = tools;
  if (first === undefined) return null;
  const about: AuditDraft['about'] =
    tools.length === 1
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
