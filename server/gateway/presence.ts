import type { RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { PresenceEntry } from '@/lib/protocol/command/queue-watch';

interface Look {
  readonly person: Person;
  readonly requestId: RequestId;
  readonly typing: boolean;
}

/** Who looks at which request, by socket. Nothing of it is kept: it ends with the socket. */
export class Presence {
  private readonly looks = new Map<string, Look>();
  private readonly asked = new Map<string, number>();
  private asks = 0;

  /** A page wants to look somewhere, or nowhere; whether it may takes time to find out. */
  ask(socketId: string): number {
    this.asks += 1;
    this.asked.set(socketId, this.asks);
    return this.asks;
  }

  /** Whether the page is there still and wanted nothing else since: answers come in any order. */
  isLast(socketId: string, ask: number): boolean {
    return this.asked.get(socketId) === ask;
  }

  /** Its socket is gone. */
  leave(socketId: string): readonly PresenceEntry[] {
    this.asked.delete(socketId);
    return this.look(socketId, null);
  }

  /** What changed for everyone, at most two requests: the one left and the one come to. */
  look(socketId: string, look: Look | null): readonly PresenceEntry[] {
    const before = this.looks.get(socketId);
    if (look === null) this.looks.delete(socketId);
    else this.looks.set(socketId, look);
    const same = before?.requestId === look?.requestId && before?.typing === look?.typing;
    if (same) return [];
    const touched = new Set([before?.requestId, look?.requestId].filter((id): id is RequestId => id !== undefined));
    return [...touched].map((requestId) => this.entry(requestId));
  }

  all(): readonly PresenceEntry[] {
    const requests = new Set([...this.looks.values()].map((look) => look.requestId));
    return [...requests].map((requestId) => this.entry(requestId));
  }

  /** One person in two windows is one person; typing in either counts. */
  private entry(requestId: RequestId): PresenceEntry {
    const people = new Map<string, { id: string; name: string; typing: boolean }>();
    for (const look of this.looks.values()) {
      if (look.requestId !== requestId) continue;
      const typing = look.typing || (people.get(look.person.id)?.typing ?? false);
      people.set(look.person.id, { id: look.person.id, name: look.person.name, typing });
    }
    return { requestId, people: [...people.values()] };
  }
}
