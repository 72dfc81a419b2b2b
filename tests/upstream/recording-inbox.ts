import type { Arrival, StreamPlace, UpstreamInbox } from '@/server/engine/ports/upstream';

type Fn = (...args: never[]) => unknown;
type Told<K extends keyof UpstreamInbox> = UpstreamInbox[K] extends Fn
  ? { readonly kind: K; readonly args: Parameters<UpstreamInbox[K]>; readonly at: number }
  : never;
export type InboxRecord = { [K in keyof UpstreamInbox]: Told<K> }[keyof UpstreamInbox];
export type InboxKind = InboxRecord['kind'];
export type InboxRecordOf<K extends InboxKind> = Extract<InboxRecord, { kind: K }>;

/** Writes down everything it is told, in order, and lets a test wait for it. */
export class RecordingInbox implements UpstreamInbox {
  readonly #all: InboxRecord[] = [];
  readonly #listeners = new Set<() => void>();
  /** What a test wants to happen before a message counts as taken; throwing refuses it. */
  before: (record: InboxRecord) => Promise<void> = () => Promise.resolve();

  get all(): readonly InboxRecord[] {
    return this.#all;
  }

  /** Everything but traffic and places. */
  get heard(): readonly InboxRecord[] {
    return this.#all.filter((record) => record.kind !== 'traffic' && record.kind !== 'placeMoved');
  }

  of<K extends InboxKind>(kind: K): readonly InboxRecordOf<K>[] {
    return this.#all.filter((record): record is InboxRecordOf<K> => record.kind === kind);
  }

  /** The `nth` (from 1) record of this kind, past or future. */
  async waitFor<K extends InboxKind>(kind: K, nth = 1, timeoutMs = 10_000): Promise<InboxRecordOf<K>> {
    const found = (): InboxRecordOf<K> | undefined => this.of(kind)[nth - 1];
    await this.until(() => found() !== undefined, `${kind} number ${nth}`, timeoutMs);
    const record = found();
    if (record === undefined) throw new Error(`no ${kind}`);
    return record;
  }

  until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        const seen = this.heard.map((record) => record.kind).join(', ');
        reject(new Error(`Not within ${timeoutMs} ms: ${what}; heard: ${seen}`));
      }, timeoutMs);
      this.#listeners.add(look);
    });
  }

  async #tell(record: InboxRecord): Promise<void> {
    if (record.kind !== 'traffic') await this.before(record);
    this.#all.push(record);
    for (const listener of [...this.#listeners]) listener();
  }

  serverRequest(request: Parameters<UpstreamInbox['serverRequest']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'serverRequest', args: [request, arrival], at: Date.now() });
  }
  serverCancelled(cancelled: Parameters<UpstreamInbox['serverCancelled']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'serverCancelled', args: [cancelled, arrival], at: Date.now() });
  }
  callResult(result: Parameters<UpstreamInbox['callResult']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'callResult', args: [result, arrival], at: Date.now() });
  }
  callError(failure: Parameters<UpstreamInbox['callError']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'callError', args: [failure, arrival], at: Date.now() });
  }
  progress(progress: Parameters<UpstreamInbox['progress']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'progress', args: [progress, arrival], at: Date.now() });
  }
  log(entry: Parameters<UpstreamInbox['log']>[0], arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'log', args: [entry, arrival], at: Date.now() });
  }
  elicitationComplete(elicitationId: string, arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'elicitationComplete', args: [elicitationId, arrival], at: Date.now() });
  }
  listChanged(what: 'tools' | 'prompts' | 'resources', arrival: Arrival): Promise<void> {
    return this.#tell({ kind: 'listChanged', args: [what, arrival], at: Date.now() });
  }
  notification(...args: Parameters<UpstreamInbox['notification']>): Promise<void> {
    return this.#tell({ kind: 'notification', args, at: Date.now() });
  }
  placeMoved(place: StreamPlace): Promise<void> {
    return this.#tell({ kind: 'placeMoved', args: [place], at: Date.now() });
  }
  traffic(entry: Parameters<UpstreamInbox['traffic']>[0]): void {
    void this.#tell({ kind: 'traffic', args: [entry], at: Date.now() });
  }
  callStreamLost(rpcId: string, why: string): Promise<void> {
    return this.#tell({ kind: 'callStreamLost', args: [rpcId, why], at: Date.now() });
  }
  lost(why: Parameters<UpstreamInbox['lost']>[0]): Promise<void> {
    return this.#tell({ kind: 'lost', args: [why], at: Date.now() });
  }
  reattaching(why: string): Promise<void> {
    return this.#tell({ kind: 'reattaching', args: [why], at: Date.now() });
  }
  reattached(): Promise<void> {
    return this.#tell({ kind: 'reattached', args: [], at: Date.now() });
  }
}
