import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { MemoryEventStore } from '@/examples/incident-investigator/event-store';

/** What the benched server has seen, by its own count; instants are epoch milliseconds. */
export interface Counts {
  /** How often its tool was run. */
  readonly runs: number;
  /** Trips it was run for; fewer than `runs` when one was run twice. */
  readonly trips: number;
  readonly asked: number;
  readonly answered: number;
  /** Response streams that are open. */
  readonly streams: number;
  /** Streams, each counted once, that were taken up again by a GET with `Last-Event-ID`; standalone ones apart. */
  readonly resumedCalls: number;
  readonly resumedStandalone: number;
  /** When the last of them was, counting each stream's first time; null before the first. */
  readonly lastResumedAt: number | null;
}

/** The name the SDK's server gives to the stream on which it speaks by itself. */
const standaloneStream = '_GET_stream';

/** Counts for all sessions of the benched server. */
export class Witness {
  #runs = 0;
  #asked = 0;
  #answered = 0;
  #streams = 0;
  readonly #trips = new Set<number>();
  readonly #resumed = new Map<string, number>();

  ran(trip: number): void {
    this.#runs += 1;
    this.#trips.add(trip);
  }

  asked(): void {
    this.#asked += 1;
  }

  answered(): void {
    this.#answered += 1;
  }

  streamOpened(): void {
    this.#streams += 1;
  }

  streamClosed(): void {
    this.#streams -= 1;
  }

  resumed(session: string, stream: string): void {
    const name = `${session} ${stream}`;
    if (!this.#resumed.has(name)) this.#resumed.set(name, Date.now());
  }

  counts(): Counts {
    const names = [...this.#resumed.keys()];
    const resumedStandalone = names.filter((name) => name.endsWith(` ${standaloneStream}`)).length;
    return {
      runs: this.#runs,
      trips: this.#trips.size,
      asked: this.#asked,
      answered: this.#answered,
      streams: this.#streams,
      resumedCalls: names.length - resumedStandalone,
      resumedStandalone,
      lastResumedAt: names.length === 0 ? null : Math.max(...this.#resumed.values()),
    };
  }
}

/** The events of one session; every stream that is read on from a place is noted. */
export class WitnessedEvents extends MemoryEventStore {
  readonly #session: string;
  readonly #witness: Witness;

  constructor(session: string, witness: Witness) {
    super();
    this.#session = session;
    this.#witness = witness;
  }

  override async replayEventsAfter(
    lastEventId: string,
    to: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const stream = await super.replayEventsAfter(lastEventId, to);
    this.#witness.resumed(this.#session, stream);
    return stream;
  }
}
