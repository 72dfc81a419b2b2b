import type { EventOf, EventType, SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { Log } from '@/server/engine/ports/log';
import { CallStories } from './call-stories';
import type { EndedStory } from './call-story';

const readPage = 1_000;
const endings = [
  'call.completed',
  'call.failed',
  'call.cancelled',
  'call.denied',
  'call.rejected',
  'call.expired',
  'call.indeterminate',
] as const satisfies readonly EventType[];

export interface FollowerPorts {
  /** Events with `seq` above `afterSeq`, in order; may throw while the database is away. */
  readonly events: (
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ) => Promise<readonly SessionEvent[]>;
  readonly ended: (story: EndedStory) => void;
  readonly log: Log;
}

interface Followed {
  readonly stories: CallStories;
  /** Whether its calls are known from the session's beginning on. */
  past: 'known' | 'unknown';
  /** What is heard while its log is read back; null while it is not. */
  waiting: SessionEvent[] | null;
}

/**
 * Follows every call from its committed events to its end. Of a session that an earlier life of ours began, the log is
 * read back when the first call ends that began in it: once, for all of its calls.
 */
export class CallFollower {
  private readonly sessions = new Map<SessionId, Followed>();

  constructor(private readonly ports: FollowerPorts) {}

  /** Events of one session, in order. */
  hear(events: readonly SessionEvent[]): void {
    for (const event of events) this.take(event);
  }

  private take(event: SessionEvent): void {
    const { sessionId } = event;
    const known = this.sessions.get(sessionId);
    if (event.type === 'session.ended') this.sessions.delete(sessionId);
    // What is between is in the log, should it be read back.
    if (known === undefined && event.type !== 'session.started' && event.type !== 'call.received' && !isEnding(event))
      return;
    const followed = known ?? begun(event);
    if (known === undefined) this.sessions.set(sessionId, followed);
    if (followed.waiting !== null) {
      followed.waiting.push(event);
      return;
    }
    if (followed.past === 'unknown' && isEnding(event) && !followed.stories.has(event.callId)) {
      followed.waiting = [event];
      this.readBack(followed, event);
      return;
    }
    this.tell(followed, event);
  }

  private tell({ stories }: Followed, event: SessionEvent): void {
    const ended = stories.take(event);
    if (ended !== null) this.ports.ended(ended);
  }

  private readBack(followed: Followed, ending: SessionEvent): void {
    const goOn = (): void => {
      const heard = followed.waiting ?? [];
      followed.waiting = null;
      for (const event of heard) this.tell(followed, event);
    };
    this.storiesBefore(ending).then(
      (stories) => {
        followed.stories.adopt(stories);
        followed.past = 'known';
        goOn();
      },
      (error: unknown) => {
        const { sessionId } = ending;
        this.ports.log.warn({ err: error, sessionId }, 'what is told of a session’s calls could not be read back');
        // The next call that ends tries again.
        goOn();
      },
    );
  }

  private async storiesBefore({ sessionId, seq }: SessionEvent): Promise<CallStories> {
    const stories = new CallStories();
    for (let afterSeq = 0; afterSeq < seq - 1; ) {
      const events = await this.ports.events(sessionId, { afterSeq, limit: readPage });
      for (const event of events) if (event.seq < seq) stories.take(event);
      if (events.length < readPage) break;
      afterSeq = events.at(-1)?.seq ?? seq;
    }
    return stories;
  }
}

function begun(event: SessionEvent): Followed {
  const past = event.type === 'session.started' ? 'known' : 'unknown';
  return { stories: new CallStories(), past, waiting: null };
}

function isEnding(event: SessionEvent): event is EventOf<(typeof endings)[number]> {
  return (endings as readonly EventType[]).includes(event.type);
}
