import type { JsonObject } from '@/lib/domain/json';
import type { SendOutcome } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../../timing';
import type { Down, LegListener, RequestStream } from '../leg';
import { limits, messageTooLarge, shortened } from '../limits';
import { discard, readText } from './body';
import type { Habits } from './endpoint';
import { Pause } from './pause';
import { Pump, type PumpEnd } from './pump';
import { refusedOutcome } from './refused-outcome';
import type { WireResponse } from './response';
import { resumeStream } from './resume';
import type { Seen } from './seen';
import type { Trouble } from './trouble';
import type { Wire } from './wire';

export interface ExchangeParts {
  readonly wire: Wire;
  readonly trouble: Trouble;
  readonly seen: Seen;
  readonly listener: LegListener;
  readonly timing: UpstreamTiming;
  readonly habits: Habits;
  readonly down: (why: Down) => void;
  /** Hears of the 2xx response before anything of its body. */
  readonly opened: (response: WireResponse) => void;
  readonly finished: (rpcId: string) => void;
}

/** One request of ours and its stream, until its outcome was taken. The request itself is sent once and never again. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #stream: RequestStream;
  readonly #pump: Pump;
  readonly #pause = new Pause();
  /** Sent in an earlier life, and its stream not yet asked for. */
  #parked: boolean;
  /** Nobody waits for the outcome any more: it was taken, or the request was abandoned. */
  #over = false;

  constructor(parts: ExchangeParts, stream: RequestStream, parkedAt?: { readonly eventId: string | null }) {
    this.#parts = parts;
    this.#stream = stream;
    this.#parked = parkedAt !== undefined;
    const isCall = stream.kind === 'call';
    this.#pump = new Pump({
      listener: parts.listener,
      seen: parts.seen,
      timing: parts.timing,
      habits: parts.habits,
      stream: isCall ? stream.rpcId : 'control',
      placeName: isCall ? stream.rpcId : null,
      callRpcId: isCall ? stream.rpcId : null,
      eventId: parkedAt?.eventId ?? null,
    });
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Nobody waits for it any more, and it was never sent. `downWhy`: the server is gone; null when it is not. */
  callOff(downWhy: string | null): SendOutcome {
    this.#finish();
    const message = downWhy ?? 'It was called off before it was sent.';
    return { ok: false, code: downWhy === null ? 'unsent' : 'gone', status: null, message };
  }

  /** Resolves at the response's headers, however long the server takes for them. */
  async post(message: JsonObject): Promise<SendOutcome> {
    const { wire, down, opened } = this.#parts;
    const outcome = await wire.send({ method: 'POST', message, abort: this.#pump.abort });
    if (!outcome.ok) {
      this.#finish();
      return { ...outcome, status: null };
    }
    const { response } = outcome;
    const { status } = response;
    if (!response.ok) {
      const refused = await refusedOutcome(response, wire.sessionId !== null);
      // What answers this very request is its answer, whatever it says of sessions.
      const answered = await this.#answerIn(refused.body);
      if (!answered && refused.outcome.code === 'gone') down({ code: 'gone', message: refused.outcome.message });
      this.#finish();
      return answered ? { ok: true, status } : refused.outcome;
    }
    opened(response);
    this.#follow(response);
    return { ok: true, status };
  }

  /** False when there is no place to take its stream up from. */
  get isResumable(): boolean {
    return this.#pump.cursor.eventId !== null;
  }

  /** Takes the stream of a request of an earlier life up again. The request itself is not sent. */
  resume(): void {
    if (!this.#parked || this.#over) return;
    this.#parked = false;
    this.#finishAfter(this.#keep({ kind: 'repoll' }));
  }

  /** Its stream cannot be taken up. */
  async giveUp(why: string): Promise<void> {
    if (!this.#parked) return;
    await this.#lose(why);
    this.#finish();
  }

  /** The outcome was taken: what still comes may come for a moment, and a broken stream stays broken. */
  settle(): void {
    this.#over = true;
    if (this.#parked) return this.#finish();
    this.#pause.wake();
    const timer = setTimeout(() => this.stop(), this.#parts.timing.lingerMs);
    timer.unref();
  }

  stop(): void {
    this.#over = true;
    this.#pump.stop();
    this.#pause.wake();
  }

  nudge(): void {
    this.#pump.nudge();
    this.#pause.wake();
  }

  interrupt(why: string): void {
    this.#pump.interrupt(why);
    this.#pause.wake();
  }

  #follow(first: WireResponse): void {
    const { mediaType, body } = first;
    if (mediaType === 'text/event-stream')
      return this.#pump.start(body, 'first', (end) => this.#finishAfter(this.#keep(end)));
    this.#finishAfter(mediaType === 'application/json' ? this.#readJson(first) : this.#refuse(first));
  }

  #finishAfter(work: Promise<void>): void {
    void work.finally(() => this.#finish());
  }

  async #refuse(response: WireResponse): Promise<void> {
    const { mediaType, status } = response;
    await discard(response);
    const what = mediaType === '' ? `${status} without content` : shortened(mediaType);
    return this.#lose(`The server answered with ${what}, which is no answer to a request.`);
  }

  /** Takes the stream up again, however often it ends, until its outcome was taken. */
  async #keep(firstEnd: PumpEnd): Promise<void> {
    const { trouble, timing } = this.#parts;
    const placeName = this.#stream.rpcId;
    let end = firstEnd;
    let delayMs = 0;
    while (!this.#over) {
      const lost = this.#isBeyondResuming(end);
      if (lost !== null) return this.#lose(lost);
      if (end.kind === 'broke') await trouble.broke(placeName, end.why);
      this.#pump.cursor.resume();
      const events = this.#pump.events;
      const wait = end.kind === 'repoll' ? 0 : (this.#pump.retryMs ?? Math.max(delayMs, timing.resumeFirstMs));
      const resumed = await resumeStream({ ...this.#parts, pump: this.#pump, pause: this.#pause, placeName }, wait);
      if (resumed.kind === 'stopped' || this.#over) return;
      if (resumed.kind === 'gone') return this.#parts.down({ code: 'gone', message: resumed.message });
      if (resumed.kind === 'unreachable') return this.#parts.down({ code: 'unreachable', message: resumed.message });
      if (resumed.kind === 'refused') return this.#lose(`Its stream cannot be resumed. ${resumed.message}`);
      await trouble.over(placeName);
      end = await this.#pump.run(resumed.body, 'resumed');
      // A server that ends each stream at once is asked less and less often.
      delayMs =
        this.#pump.events > events ? 0 : Math.min(Math.max(delayMs * 2, timing.resumeFirstMs), timing.resumeMaxMs);
    }
  }

  #isBeyondResuming(end: PumpEnd): string | null {
    if (end.kind === 'too_large') return messageTooLarge;
    if (this.#pump.cursor.eventId !== null) return null;
    const why = end.kind === 'broke' ? `: ${end.why}` : '';
    return `Its stream ended before the outcome${why}, and the server keeps no events to resume it from.`;
  }

  async #readJson(response: WireResponse): Promise<void> {
    const read = await readText(response, limits.messageSize);
    if (this.#over) return;
    if (!read.ok) {
      return this.#lose(read.why === 'too_large' ? messageTooLarge : `The answer broke off: ${read.message}.`);
    }
    await this.#hand(read.text);
    if (!this.#over) await this.#lose('The server answered nonsense: no answer to the request stood in its response.');
  }

  /** True when a refusal's body holds the JSON-RPC answer to this very request. */
  async #answerIn(body: string): Promise<boolean> {
    if (!body.includes(JSON.stringify(this.#stream.rpcId))) return false;
    await this.#hand(body);
    return this.#over;
  }

  #hand(text: string): Promise<boolean> {
    const { rpcId, kind } = this.#stream;
    const isCall = kind === 'call';
    const callRpcId = isCall ? rpcId : null;
    const origin = { stream: callRpcId ?? 'control', callRpcId, place: null, before: null, isReplay: false };
    return this.#parts.listener.message(text, origin);
  }

  async #lose(why: string): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.#parts.listener.streamLost(this.#stream.rpcId, why);
  }

  #finish(): void {
    this.#over = true;
    this.#parked = false;
    void this.#parts.trouble.over(this.#stream.rpcId);
    this.#parts.finished(this.#stream.rpcId);
  }
}
