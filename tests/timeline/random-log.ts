import fc from 'fast-check';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { CallId, ConnectionId, RequestId } from '@/lib/domain/ids';
import {
  allowed,
  ana,
  answered,
  completed,
  interrupted,
  log,
  opened,
  opening,
  progress,
  ready,
  received,
  rule,
  sent,
  started,
  type Step,
} from './events';

/** One choice of what happens next, and how much later. */
type Choice = readonly [what: number, which: number, afterMs: number];

interface OpenCall {
  readonly id: CallId;
  state: 'held' | 'sent' | 'cut';
  questions: RequestId[];
}

const kinds = ['form', 'sampling', 'approval', 'recovery'] as const;

/** Sessions as an engine might write them: what cannot happen in a state does not. */
class Story {
  private readonly steps: Step[] = [[0, started]];
  private readonly calls: OpenCall[] = [];
  private readonly outside: RequestId[] = [];
  private readonly lines = new Map<ConnectionId, 'ready' | 'cut'>();
  private at = 0;
  private minted = 0;

  play([what, which, afterMs]: Choice): void {
    this.at += afterMs;
    const call = this.calls[which % Math.max(1, this.calls.length)];
    if (what === 0 || (call === undefined && what < 9)) return this.receive(which);
    if (call !== undefined && what < 9) return this.goOn(call, what, which);
    if (what === 9) return this.outsideAsked(which);
    if (what === 10) return this.settle(this.outside, which);
    return this.connect(which);
  }

  end(): readonly SessionEvent[] {
    this.say({ type: 'session.ending', end: 'closed', reason: 'enough' });
    this.say({ type: 'session.ended', end: 'closed', reason: 'enough' });
    return this.soFar();
  }

  soFar(): readonly SessionEvent[] {
    return log(this.steps);
  }

  private say(body: EventBody, by: 'person' | 'us' = 'us'): void {
    this.steps.push(by === 'person' ? [this.at, body, ana] : [this.at, body]);
  }

  private receive(which: number): void {
    const id = `call_${String((this.minted += 1)).padStart(12, '0')}` as CallId;
    this.say(received(id, ['accounts', 'payments', 'warehouse'][which % 3]));
    this.calls.push({ id, state: 'held', questions: [] });
  }

  private goOn(call: OpenCall, what: number, which: number): void {
    const callId = call.id;
    if (what === 1) return this.say(progress(callId, which));
    if (what === 2)
      return this.say({
        type: 'call.log',
        callId,
        server: 'accounts',
        level: 'info',
        logger: null,
        text: `row ${which}`,
      });
    if (what <= 4) return call.questions.length > 0 ? this.settle(call.questions, which) : this.send(call);
    if (what === 5) return this.ask(call, which);
    if (what === 6 && call.state === 'sent') {
      this.say(interrupted(callId, which % 2 === 0 ? 'repeat' : 'ask'));
      call.state = 'cut';
      return;
    }
    if (what === 8 && call.questions.length === 0) this.finish(call, which);
  }

  private send(call: OpenCall): void {
    if (call.state === 'held') this.say(allowed(call.id));
    if (call.state !== 'sent') this.say(sent(call.id));
    call.state = 'sent';
  }

  private mintRequest(): RequestId {
    return `req_${String((this.minted += 1)).padStart(12, '0')}` as RequestId;
  }

  private ask(call: OpenCall, which: number): void {
    const id = this.mintRequest();
    this.say({ ...opened(id, call.id), kind: kinds[which % kinds.length] ?? 'form', title: `Question ${which}` });
    call.questions.push(id);
  }

  private outsideAsked(which: number): void {
    const id = this.mintRequest();
    this.say({ ...opened(id, null), title: `Question ${which}` });
    this.outside.push(id);
  }

  private settle(questions: RequestId[], which: number): void {
    const requestId = questions.splice(which % Math.max(1, questions.length), 1)[0];
    if (requestId === undefined) return;
    const how = which % 5;
    if (how === 0) this.say({ type: 'request.claimed', requestId, untilAt: this.at + 500 }, 'person');
    if (how === 1) return this.say({ type: 'request.expired', requestId });
    if (how === 2) return this.say({ type: 'request.withdrawn', requestId, why: 'taken back' });
    this.say({ ...answered(requestId), action: how === 3 ? 'decline' : 'accept' }, which % 2 === 0 ? 'person' : 'us');
    if (how === 4) return this.say({ type: 'answer.undelivered', requestId, why: 'gone' });
    this.say({ type: 'answer.moved_on', requestId });
  }

  private finish(call: OpenCall, which: number): void {
    const callId = call.id;
    this.calls.splice(this.calls.indexOf(call), 1);
    const ends: readonly EventBody[] = [
      completed(callId),
      { ...completed(callId), isError: true, summary: 'it did not work' },
      { type: 'call.failed', callId, error: { code: 7, message: 'no such row' } },
      { type: 'call.cancelled', callId, by: 'agent', reason: 'enough' },
      { type: 'call.denied', callId, rule },
    ];
    this.say(ends[which % ends.length] ?? completed(callId));
    this.say({ type: 'call.delivered', callId });
  }

  private connect(which: number): void {
    const connectionId = `con_${String(which % 3).padStart(12, '0')}` as ConnectionId;
    const state = this.lines.get(connectionId);
    if (state === undefined) {
      this.say({ ...opening, connectionId });
      this.say({ ...ready, connectionId });
    } else if (state === 'ready') this.say({ type: 'connection.reattaching', connectionId, why: 'cut' });
    else this.say({ ...ready, connectionId });
    this.lines.set(connectionId, state === 'ready' ? 'cut' : 'ready');
  }
}

const choice = fc.tuple(fc.nat(11), fc.nat(1_000), fc.nat(3_000));

/** Random sessions, some of which have ended. */
export const randomLog: fc.Arbitrary<readonly SessionEvent[]> = fc
  .tuple(fc.array(choice, { maxLength: 120 }), fc.boolean())
  .map(([choices, over]) => {
    const story = new Story();
    for (const each of choices) story.play(each);
    return over ? story.end() : story.soFar();
  });
