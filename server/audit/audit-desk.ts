import { actBy } from '@/lib/domain/act-by';
import type { AuditBreak, AuditEnds, AuditHealth, AuditLook, AuditSide } from '@/lib/domain/audit-look';
import type { Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { AuditPage, AuditTrail } from '@/server/engine/ports/audit';
import type { Log } from '@/server/engine/ports/log';

const linesAtOnce = 200;

interface Parts {
  readonly trail: AuditTrail;
  readonly health: () => AuditHealth;
  readonly now: () => number;
  readonly log: Log;
}

export interface AuditRead extends AuditPage {
  readonly ends: AuditEnds | null;
  readonly health: AuditHealth;
}

export interface AuditExport {
  readonly first: number;
  readonly last: number;
  lines(): AsyncGenerator<string>;
}

/** The audit log as people reach it; each method checks who asks (I11). */
export class AuditDesk {
  constructor(private readonly parts: Parts) {}

  read(person: Person, look: AuditLook, how: AuditSide & { readonly limit: number }): Promise<Result<AuditRead>> {
    return this.allowed(person, async () => {
      const { trail, health } = this.parts;
      const page = await trail.page(look, how);
      return done({ ...page, ends: await trail.ends(), health: health() });
    });
  }

  /** What an admin is told on every screen; nothing to anyone else. */
  brokenFor(person: Person, broken: AuditBreak | null): AuditBreak | null {
    return whyNot(person.role, 'audit.read') === null ? broken : null;
  }

  /** Recorded before a line of it is handed out. Its lines end at the entry that says so. */
  export(
    person: Person,
    time: { readonly fromAt: number | null; readonly toAt: number | null },
  ): Promise<Result<AuditExport>> {
    return this.allowed(person, async () => {
      const { trail, now } = this.parts;
      const about = { kind: 'everything', id: 'audit', name: null } as const;
      const facts = { fromAt: time.fromAt, toAt: time.toAt };
      await trail.record(actBy(person, { act: 'audit.exported', at: now(), about, why: null, facts }));
      const span = await trail.span(time);
      if (span === null) return refuse('not_found', 'The audit log holds nothing of that time.');
      return done({ ...span, lines: () => linesOf(trail, span) });
    });
  }

  private async allowed<T>(person: Person, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, 'audit.read');
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      this.parts.log.error({ err: error }, 'the audit log could not be read');
      return refuse('cannot_save', 'The database did not answer. Try again in a moment.');
    }
  }
}

async function* linesOf(
  trail: Pick<AuditTrail, 'lines'>,
  { first, last }: { readonly first: number; readonly last: number },
): AsyncGenerator<string> {
  for (let after = first - 1; after < last; after += linesAtOnce) {
    const lines = await trail.lines(after, Math.min(last, after + linesAtOnce), linesAtOnce);
    yield lines.join('');
  }
}
