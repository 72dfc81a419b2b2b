import type { EventType, SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import type { Log } from '@/server/engine/ports/log';
import { CallStory, callOfEvent, type EndedStory } from './call-story';

const readPage = 1_000;
const endings: ReadonlySet<EventType> = new Set<EventType>([
  'call.completed',
  'call.failed',
  'call.cancelled',
  'call.denied',
  'call.rejected',
  'call.expired',
  'call.indeterminate',
]);

export interface FollowerPorts {
  /** Events with `seq` above `afterSeq`, in order; may throw while the database is away. */
  readonly events: (
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ) => Promise<readonly SessionEvent[]>;
  readonly ended: (story: EndedStory) => void;
  readonly log: Log;
}

/** Follows every call from its committed events to its end; what an earlier life began is read back at its end. */
export class CallFollower {
  private readonly stories = new Map<CallId, CallStory>();
  private readonly requests = new Map<RequestId, CallId>();

  constructor(private readonly ports: FollowerPorts) {}

  /** Events of one session, in order. */
  hear(events: readonly SessionEvent[]): void {
    for (const event of events) this.take(event);
  }

  private take(event: SessionEvent): void {
    const callId = callOfEvent(event, (id) => this.requests.get(id) ?? null);
    if (callId === null) return;
    if (event.type === 'call.received') return void this.stories.set(callId, new CallStory(event));
    const story = this.stories.get(callId);
    if (story === undefined) {
      if (endings.has(event.type)) this.readBack(event.sessionId, callId);
      return;
    }
    const ended = story.take(event);
    if (event.type === 'request.opened' && story.follows(event.requestId)) this.requests.set(event.requestId, callId);
    if (ended === null) return;
    this.stories.delete(callId);
    for (const { key } of ended.spans) if (key.of === 'human wait' || key.of === 'model') this.requests.delete(key.id);
    this.ports.ended(ended);
  }

  private readBack(sessionId: SessionId, callId: CallId): void {
    this.storyOf(sessionId, callId).then(
      (story) => {
        if (story !== null) this.ports.ended(story);
      },
      (error: unknown) => this.ports.log.warn({ err: error, callId }, 'what is told of a call could not be read back'),
    );
  }

  private async storyOf(sessionId: SessionId, callId: CallId): Promise<EndedStory | null> {
    const requests = new Map<RequestId, CallId>();
    let story: CallStory | null = null;
    for (let afterSeq = 0; ; ) {
      const events = await this.ports.events(sessionId, { afterSeq, limit: readPage });
      for (const event of events) {
        if (event.type === 'request.opened' && event.callId !== null) requests.set(event.requestId, event.callId);
        if (callOfEvent(event, (id) => requests.get(id) ?? null) !== callId) continue;
        if (event.type === 'call.received') story = new CallStory(event);
        const ended = story?.take(event) ?? null;
        if (ended !== null) return ended;
      }
      const last = events.at(-1);
      if (last === undefined || events.length < readPage) return null;
      afterSeq = last.seq;
    }
  }
}
