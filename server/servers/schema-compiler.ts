import { Worker } from 'node:worker_threads';
import type { OutputFault } from '@/lib/domain/tool-offer';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';

export interface SchemaFault {
  readonly why: OutputFault;
  /** The compiler's words, which quote the schema; empty where `why` says all. */
  readonly detail: string;
}

/** Null: clients can compile it. */
export type SchemaVerdict = SchemaFault | null;

export interface Compiling {
  /** By the text; what is missing was not reached in time. */
  readonly verdicts: ReadonlyMap<string, SchemaVerdict>;
  readonly tookMs: number;
}

/** All schemas of one batch together, once the thread is ready. */
const batchMs = 2_000;
/** One that has not taken this long when the time is over was only the last in a long row. */
const slowMs = 500;
const startMs = 10_000;
const threadsMost = 2;
const heapMegabytes = 96;
const detailMost = 200;

/**
 * What the TypeScript SDK's client does with each `outputSchema` of a list, by its own class, and nothing more: nothing
 * is fetched and nothing is ever validated, so that no pattern runs. It stands here as text because a thread is started
 * from a file, and this process is one bundle. An `$id` of the whole schema is not passed on (`tool-offers.ts`).
 */
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
for (const name of ['log', 'info', 'warn', 'error']) console[name] = () => undefined;
const load = require('node:module').createRequire(workerData.from);
const { AjvJsonSchemaValidator } = load('@modelcontextprotocol/sdk/validation/ajv');
const faultInside = (value) => {
  if (typeof value !== 'object' || value === null) return null;
  if (value.$async) return 'async';
  if (typeof value.$id === 'string') return 'named';
  for (const each of Object.values(value)) {
    const fault = faultInside(each);
    if (fault !== null) return fault;
  }
  return null;
};
const verdictOn = (text) => {
  try {
    const { $id, ...schema } = JSON.parse(text);
    const why = faultInside(schema);
    if (why !== null) return { why, detail: '' };
    new AjvJsonSchemaValidator().getValidator(schema);
    return null;
  } catch (error) {
    return { why: 'broken', detail: String(error && error.message).slice(0, ${detailMost}) };
  }
};
new AjvJsonSchemaValidator().getValidator({ type: 'object' });
parentPort.postMessage('ready');
for (const text of workerData.texts) parentPort.postMessage({ verdict: verdictOn(text) });
parentPort.postMessage('done');
`;

/** Compiles schemas in a thread of its own, which is ended when it takes too long or too much: they are a stranger's. */
export class SchemaCompiler {
  readonly #parts: { readonly clock: Clock; readonly log: Log };
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: { readonly clock: Clock; readonly log: Log }) {
    this.#parts = parts;
  }

  /** In the order given. Never throws. */
  async compile(texts: readonly string[]): Promise<Compiling> {
    if (this.#running >= threadsMost) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await this.#inThread(texts);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the thread that compiles schemas could not be made');
      return { verdicts: new Map(), tookMs: 0 };
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  #inThread(texts: readonly string[]): Promise<Compiling> {
    const { clock, log } = this.#parts;
    const verdicts = new Map<string, SchemaVerdict>();
    return new Promise((resolve) => {
      const thread = new Worker(threadSource, {
        eval: true,
        workerData: { texts, from: import.meta.url },
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      });
      let beganAt: number | null = null;
      let heardAt = 0;
      let cancel = (): void => undefined;
      const end = (): void => {
        cancel();
        const tookMs = beganAt === null ? 0 : clock.now() - beganAt;
        thread.removeAllListeners('exit');
        thread.terminate().catch((error: unknown) => log.warn({ err: error }, 'a thread could not be ended'));
        resolve({ verdicts, tookMs });
      };
      /** The one it was at is what it did not survive. */
      const endAt = (): void => {
        const at = texts[verdicts.size];
        if (beganAt !== null && at !== undefined) verdicts.set(at, { why: 'too_slow', detail: '' });
        end();
      };
      const endLate = (): void => (clock.now() - heardAt >= slowMs ? endAt() : end());
      cancel = clock.after(startMs, end);
      thread.on('message', (message: 'ready' | 'done' | { readonly verdict: SchemaVerdict }) => {
        heardAt = clock.now();
        if (message === 'done') return end();
        if (message === 'ready') {
          beganAt = heardAt;
          cancel();
          cancel = clock.after(batchMs, endLate);
          return;
        }
        const text = texts[verdicts.size];
        if (text !== undefined) verdicts.set(text, message.verdict);
      });
      thread.on('error', (error) => {
        if (beganAt === null) log.error({ err: error }, 'the thread that compiles schemas could not start');
      });
      thread.on('exit', endAt);
      thread.unref();
    });
  }
}
