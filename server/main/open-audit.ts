import { AuditDesk } from '../audit/audit-desk';
import { Verifier } from '../audit/verifier';
import type { AuditTrail } from '../engine/ports/audit';
import type { Clock } from '../engine/ports/clock';
import type { Log } from '../engine/ports/log';
import type { AuditPort } from '../gateway/audit-commands';
import type { Hub } from '../gateway/hub';

export interface OpenAudit {
  readonly desk: AuditDesk;
  readonly verifier: Verifier;
  readonly port: AuditPort;
  /** What operators should know, in words; null for nothing. */
  trouble(): string | null;
}

/** The audit log as people reach it, and what verifies it meanwhile. */
export function openAuditDesk(parts: {
  readonly trail: AuditTrail;
  readonly hub: Pick<Hub, 'publish'>;
  readonly clock: Clock;
  readonly log: Log;
}): OpenAudit {
  const { trail, hub, clock, log } = parts;
  const changed: ConstructorParameters<typeof Verifier>[0]['changed'] = (broken) =>
    hub.publish({ change: 'audit', broken });
  const verifier = new Verifier({ trail, clock, log, changed });
  const desk = new AuditDesk({ trail, health: () => verifier.health, now: () => clock.now(), log });
  const port: AuditPort = {
    read: (person, look, how) => desk.read(person, look, how),
    broken: (person) => desk.brokenFor(person, verifier.broken),
  };
  const trouble = (): string | null => {
    const { broken } = verifier;
    return broken === null ? null : `The audit log is broken at entry ${broken.seq}: ${broken.why}.`;
  };
  return { desk, verifier, port, trouble };
}
