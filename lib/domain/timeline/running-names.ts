import type { SessionEvent } from '../event';
import type { CallId, ConnectionId, RequestId } from '../ids';
import type { CallName, ConnectionName, Names, RequestName } from './names';
import { type EventRow, rowWith } from './row';

interface Connected extends ConnectionName {
  /** Nothing of a connection that is over counts any more. */
  readonly state: 'live' | 'over';
}

/**
 * Names as they are learned by going through a log from its first event. A name for each call, question and connection
 * is all that is kept of what went by, so a log of any length can be gone through.
 */
export class RunningNames implements Names {
  readonly calls = new Map<CallId, CallName>();
  readonly requests = new Map<RequestId, RequestName>();
  readonly connections = new Map<ConnectionId, Connected>();

  /** How many names are kept. */
  get size(): number {
    return this.calls.size + this.requests.size + this.connections.size;
  }

  /** The line of the next event; they come in order, each once. */
  row(event: SessionEvent): EventRow {
    this.learn(event);
    const row = rowWith(this, event);
    this.shorten(event);
    return row;
  }

  private learn(event: SessionEvent): void {
    switch (event.type) {
      case 'call.received':
        return void this.calls.set(event.callId, { server: event.server, tool: event.tool, runs: 0 });
      case 'call.sent': {
        const call = this.calls.get(event.callId);
        if (call !== undefined) this.calls.set(event.callId, { ...call, runs: call.runs + 1 });
        return;
      }
      case 'request.opened': {
        const { requestId, kind, title, server, tool, callId } = event;
        return void this.requests.set(requestId, { kind, title, server, tool, callId });
      }
      case 'connection.opening':
        return void this.connections.set(event.connectionId, { server: event.server, times: 0, state: 'live' });
      case 'connection.ready': {
        const known = this.connections.get(event.connectionId);
        if (known?.state === 'live') this.connections.set(event.connectionId, { ...known, times: known.times + 1 });
        return;
      }
      case 'connection.lost':
      case 'connection.closed': {
        const known = this.connections.get(event.connectionId);
        if (known !== undefined) this.connections.set(event.connectionId, { ...known, state: 'over' });
        return;
      }
      default:
    }
  }

  /** A title may be long, and none is spoken of once its question is over. */
  private shorten(event: SessionEvent): void {
    if (event.type !== 'request.answered' && event.type !== 'request.expired' && event.type !== 'request.withdrawn')
      return;
    const known = this.requests.get(event.requestId);
    if (known !== undefined) this.requests.set(event.requestId, { ...known, title: '' });
  }
}
