import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';

interface Common {
  readonly at: number;
  /** Undefined on stdio. */
  readonly sessionId: string | undefined;
}

export type ServerRecord =
  | (Common & { readonly kind: 'session_opened'; readonly clientName: string; readonly capabilities: unknown })
  | (Common & {
      readonly kind: 'execution_started';
      readonly execution: number;
      readonly requestId: RequestId;
      readonly tool: string;
      readonly args: Readonly<Record<string, unknown>>;
      readonly meta: unknown;
    })
  | (Common & {
      readonly kind: 'execution_finished';
      readonly execution: number;
      readonly tool: string;
      readonly outcome: 'result' | 'error' | 'cancelled';
    })
  | (Common & {
      /** A response to one of our requests (elicitation, sampling, roots), as it came off the wire. */
      readonly kind: 'answer_received';
      readonly requestId: RequestId | undefined;
      readonly method: string | undefined;
      readonly result: unknown;
      readonly error: unknown;
    })
  | (Common & { readonly kind: 'cancel_received'; readonly requestId: unknown; readonly reason: unknown })
  | (Common & { readonly kind: 'message_received'; readonly message: JSONRPCMessage })
  | (Common & { readonly kind: 'http_received'; readonly method: string; readonly lastEventId: string | undefined })
  | (Common & { readonly kind: 'delete_received'; readonly status: number })
  | (Common & { readonly kind: 'process_started'; readonly pid: number });

export type RecordKind = ServerRecord['kind'];
export type RecordOf<K extends RecordKind> = Extract<ServerRecord, { kind: K }>;
type Unstamped<R> = R extends unknown ? Omit<R, 'at'> : never;
export type NewRecord = Unstamped<ServerRecord>;

/** What a test server saw, by its own account: the other side of every claim that Holdpoint makes. */
export class Records {
  readonly #all: ServerRecord[] = [];
  readonly #listeners = new Set<(record: ServerRecord) => void>();
  #lastExecution = 0;

  get all(): readonly ServerRecord[] {
    return this.#all;
  }

  add(record: NewRecord): void {
    const stamped: ServerRecord = { ...record, at: Date.now() };
    this.#all.push(stamped);
    for (const listener of [...this.#listeners]) listener(stamped);
  }

  nextExecution(): number {
    this.#lastExecution += 1;
    return this.#lastExecution;
  }

  of<K extends RecordKind>(kind: K): readonly RecordOf<K>[] {
    return this.#all.filter((record): record is RecordOf<K> => record.kind === kind);
  }

  executions(tool: string): readonly RecordOf<'execution_started'>[] {
    return this.of('execution_started').filter((record) => record.tool === tool);
  }

  /** The first record of this kind that matches, past or future; rejects after `timeoutMs`. */
  waitFor<K extends RecordKind>(
    kind: K,
    matches: (record: RecordOf<K>) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<RecordOf<K>> {
    const isIt = (record: ServerRecord): record is RecordOf<K> =>
      record.kind === kind && matches(record as RecordOf<K>);
    const past = this.#all.find(isIt);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error(`No ${kind} within ${timeoutMs} ms; seen: ${this.#all.map((r) => r.kind).join(', ')}`));
      }, timeoutMs);
      const listener = (record: ServerRecord): void => {
        if (!isIt(record)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(record);
      };
      this.#listeners.add(listener);
    });
  }

  onRecord(listener: (record: ServerRecord) => void): void {
    this.#listeners.add(listener);
  }
}
