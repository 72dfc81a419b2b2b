import type { SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { CallStory, callOfEvent, type EndedStory } from './call-story';

/** The calls of one session that are not over, as far as they were heard from their beginning. */
export class CallStories {
  private readonly stories = new Map<CallId, CallStory>();
  private readonly requests = new Map<RequestId, CallId>();

  has(callId: CallId): boolean {
    return this.stories.has(callId);
  }

  /** What is told of the call that this event ends; null for every other event. */
  take(event: SessionEvent): EndedStory | null {
    const callId = callOfEvent(event, (id) => this.requests.get(id) ?? null);
    if (callId === null) return null;
    if (event.type === 'call.received') {
      this.stories.set(callId, new CallStory(event));
      return null;
    }
    const story = this.stories.get(callId);
    if (story === undefined) return null;
    const ended = story.take(event);
    if (event.type === 'request.opened' && story.follows(event.requestId)) this.requests.set(event.requestId, callId);
    if (ended === null) return null;
    this.stories.delete(callId);
    for (const { key } of ended.spans) if (key.of === 'human wait' || key.of === 'model') this.requests.delete(key.id);
    return ended;
  }

  /** Calls that others followed from their beginning, where they are not known here. */
  adopt(others: CallStories): void {
    for (const [callId, story] of others.stories) if (!this.stories.has(callId)) this.stories.set(callId, story);
    for (const [requestId, callId] of others.requests) this.requests.set(requestId, callId);
  }
}
