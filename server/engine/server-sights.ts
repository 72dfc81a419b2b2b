import type { Handshake, ServerSight } from '@/lib/domain/server';
import type { Clock } from './ports/clock';
import type { ConnectionFacts } from './ports/upstream';

const troublesMost = 20;
/** A server that fails at every call is told of once in this time. */
const tellMs = 500;

const nothing: ServerSight = { handshake: null, troubles: [] };

/** What was seen of each server since the start. */
export class ServerSights {
  private readonly sights = new Map<string, ServerSight>();
  private isDue = false;

  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  of(name: string): ServerSight {
    return this.sights.get(name) ?? nothing;
  }

  ready(name: string, facts: ConnectionFacts): void {
    this.put(name, { ...this.of(name), handshake: handshakeOf(facts, this.clock.now()) });
  }

  /** `message` is masked already. */
  failed(name: string, message: string): void {
    const trouble = { at: this.clock.now(), message };
    const { handshake, troubles } = this.of(name);
    this.put(name, { handshake, troubles: [trouble, ...troubles].slice(0, troublesMost) });
  }

  forget(name: string): void {
    this.sights.delete(name);
  }

  private put(name: string, sight: ServerSight): void {
    this.sights.set(name, sight);
    if (this.isDue) return;
    this.isDue = true;
    this.clock.after(tellMs, () => {
      this.isDue = false;
      this.changed();
    });
  }
}

const capabilitiesMost = 30;

export function handshakeOf(facts: ConnectionFacts, at: number): Handshake {
  const { protocolVersion, serverInfo, capabilities } = facts;
  const names = Object.keys(capabilities).filter((name) => name.length <= 64);
  return {
    at,
    // Every connection of ours is of the stateful era.
    era: 'stateful',
    protocolVersion,
    name: serverInfo.name,
    version: serverInfo.version,
    capabilities: names.slice(0, capabilitiesMost),
  };
}
