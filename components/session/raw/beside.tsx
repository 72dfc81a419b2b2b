import type { ReactNode } from 'react';
import Braces from 'lucide-react/icons/braces';
import List from 'lucide-react/icons/list';
import { Button } from '@/components/ui/Button';
import type { SessionEvent } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import { eventOf, messageOf, transportOf } from '@/lib/domain/raw-view/beside';
import type { Timeline } from '@/lib/domain/timeline';
import type { Inspected } from '../Inspector';
import { RawDetail } from './RawDetail';
import type { RawPage } from './RawPane';

const noMessages: readonly RawMessage[] = [];

interface Seen {
  readonly shown: Inspected;
  readonly timeline: Timeline;
  readonly raw: RawPage;
  readonly callBodies: (callId: CallId) => ReactNode;
}

interface Ways {
  readonly onMessage: (message: RawMessage) => void;
  readonly onEvent: (seq: number) => void;
}

/** What belongs with what is shown: the other side of the same, an event's message or a message's event. */
export function besideOf({ shown, timeline, raw, callBodies }: Seen, { onMessage, onEvent }: Ways): ReactNode {
  const messages = raw.is === 'ready' ? raw.messages : noMessages;
  const events = [...timeline.events];
  if (shown.is === 'event') return besideEvent({ event: shown.row.event, events, messages, callBodies, onMessage });
  return (
    <>
      <RawDetail raw={shown.raw} messages={messages} transport={transportOf(events, shown.raw)} onJump={onMessage} />
      {besideMessage({ raw: shown.raw, events, onEvent })}
    </>
  );
}

/** What belongs to an event: its raw message, where that is loaded, and its call's arguments and result. */
function besideEvent(of: {
  readonly event: SessionEvent;
  readonly events: readonly SessionEvent[];
  readonly messages: readonly RawMessage[];
  readonly callBodies: (callId: CallId) => ReactNode;
  readonly onMessage: (message: RawMessage) => void;
}): ReactNode {
  const { event, events, messages, callBodies, onMessage } = of;
  const message = messageOf(event, events, messages);
  const callId = 'callId' in event ? event.callId : null;
  return (
    <>
      {message === undefined ? null : (
        <div className="s-rawf">
          <Button size="sm" look="ghost" icon={Braces} onClick={() => onMessage(message)}>
            Its raw message: {message.seq}
          </Button>
        </div>
      )}
      {callId === null ? null : callBodies(callId)}
    </>
  );
}

/** The event a raw message is told by. */
function besideMessage(of: {
  readonly raw: RawMessage;
  readonly events: readonly SessionEvent[];
  readonly onEvent: (seq: number) => void;
}): ReactNode {
  const event = eventOf(of.raw, of.events);
  if (event === undefined) return null;
  return (
    <div className="s-rawf">
      <Button size="sm" look="ghost" icon={List} onClick={() => of.onEvent(event.seq)}>
        Its event: {event.seq}
      </Button>
    </div>
  );
}
