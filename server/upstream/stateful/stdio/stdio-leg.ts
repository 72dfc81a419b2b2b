import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { CloseOrder, CloseReport, SendOutcome, ServerProcess } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../../timing';
import type { Down, Leg, LegListener, StartOutcome } from '../leg';
import { limits, messageTooLarge, shortened } from '../limits';
import { wordsOf } from '../words-of';
import { ChildTree } from './child-tree';
import { launch, type StdioTransport } from './launch';
import { Lines } from './lines';
import { describeProcess } from './server-process';
import { StderrTail } from './stderr-tail';

export interface StdioLegParts {
  readonly transport: StdioTransport;
  readonly listener: LegListener;
  readonly timing: UpstreamTiming;
  readonly log: Log;
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly tree: ChildTree;
  readonly stderr: StderrTail;
}

/** A grandchild may hold the pipe open: what the dead child wrote is read for this long. */
const drainMs = 500;
const origin = { stream: 'stdio', callRpcId: null, place: null, before: null, isReplay: false } as const;

/** A child process that speaks over its pipes, one JSON-RPC message per line. */
export class StdioLeg implements Leg {
  readonly kind = 'stdio';
  readonly mcpSessionId = null;
  readonly #parts: StdioLegParts;
  #running: Running | null = null;
  #process: ServerProcess | null = null;
  #closing = false;
  #downWhy: string | null = null;
  /** What is in the pipe and not known to be read: its end is told to each. */
  readonly #writing = new Set<() => void>();

  constructor(parts: StdioLegParts) {
    this.#parts = parts;
  }

  get process(): ServerProcess | null {
    return this.#process;
  }

  get downWhy(): string | null {
    return this.#downWhy;
  }

  async start(): Promise<StartOutcome> {
    const launched = await launch(this.#parts.transport);
    if (!launched.ok) return launched;
    const { child, pid } = launched;
    const log = this.#parts.log.child({ pid });
    const tree = new ChildTree(child, pid);
    const stderr = new StderrTail(child.stderr, (line) => log.debug({ line }, 'stderr'));
    child.stdin.on('error', (error) => log.debug({ error: wordsOf(error) }, 'The pipe to the server broke'));
    child.stdin.setMaxListeners(0);
    this.#running = { child, tree, stderr };
    void tree.exited.then(() => {
      for (const ended of this.#writing) ended();
      this.#writing.clear();
    });
    if (this.#closing) await tree.end(0);
    else void this.#live(this.#running);
    return { ok: true };
  }

  sendRequest(message: JsonObject): Promise<SendOutcome> {
    return this.#write(message, null);
  }

  sendOnly(message: JsonObject): Promise<SendOutcome> {
    return this.#write(message, this.#parts.timing.takeMs);
  }

  agreed(): void {
    // A pipe has no headers to name the version in.
  }

  /** Described only now: a launcher may have become the server, or named itself anew, since it was started. */
  async attach(): Promise<void> {
    if (this.#running !== null) this.#process = await describeProcess(this.#running.tree.pid);
  }

  resume(): void {
    // A pipe does not outlive us.
  }

  doubt(): void {
    // Nor can its path be dead while both ends live.
  }

  settled(): void {
    // A pipe has no stream per request.
  }

  abandon(): void {
    // Nor anything to give up.
  }

  async close({ graceMs, force }: CloseOrder): Promise<CloseReport> {
    this.#closing = true;
    const report = { deleteStatus: null, deleteWhy: null };
    if (this.#running === null) return { ...report, process: null };
    const { tree } = this.#running;
    const how = await tree.end(graceMs, force);
    return { ...report, process: { pid: tree.pid, how } };
  }

  async #live(running: Running): Promise<void> {
    const { child, tree } = running;
    const reading = this.#read(running);
    await tree.exited;
    // A leftover of the group may hold our end of the pipe open, and would outlive its server.
    const swept = tree.sweep();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([reading, late]);
    clearTimeout(timer);
    child.stdout.destroy();
    await swept;
    this.#down({ code: 'exited', message: exitWords(running) });
  }

  async #read({ child, tree }: Running): Promise<void> {
    const { listener } = this.#parts;
    const lines = new Lines(limits.messageSize);
    try {
      for await (const chunk of child.stdout) {
        const complete = lines.push(chunk as Buffer);
        if (complete === null) {
          this.#down({ code: 'exited', message: `${messageTooLarge} Its process was ended.` });
          tree.signal('SIGKILL');
          return;
        }
        for (const line of complete) if (line.trim() !== '') await listener.message(line, origin);
      }
      const rest = lines.rest();
      if (rest.trim() !== '') await listener.message(rest, origin);
    } catch (error) {
      this.#parts.log.debug({ error: wordsOf(error) }, 'The pipe from the server broke');
    }
  }

  /** Resolves when the line is in the pipe; a child that does not read makes it wait, for `mostMs` if given. */
  #write(message: JsonObject, mostMs: number | null): Promise<SendOutcome> {
    const running = this.#running;
    if (running === null || this.#closing || this.#downWhy !== null) {
      const why = this.#downWhy ?? 'The connection is closed.';
      return Promise.resolve({ ok: false, code: 'gone', status: null, message: why });
    }
    let line: string;
    try {
      line = `${JSON.stringify(message)}\n`;
    } catch (error) {
      return Promise.resolve({ ok: false, code: 'unsent', status: null, message: wordsOf(error) });
    }
    this.#parts.listener.sent(message, 'stdio');
    return new Promise((resolve) => {
      const fail = (why: string): void => resolve({ ok: false, code: 'unknown', status: null, message: why });
      const timer =
        mostMs === null ? null : setTimeout(() => fail(`The server did not read it within ${mostMs} ms.`), mostMs);
      timer?.unref();
      const ended = (): void => fail('The server ended while it was being sent.');
      this.#writing.add(ended);
      running.child.stdin.write(line, (error) => {
        this.#writing.delete(ended);
        if (timer !== null) clearTimeout(timer);
        if (error == null) resolve({ ok: true, status: null });
        else fail(`The pipe to the server broke: ${wordsOf(error)}`);
      });
    });
  }

  #down(why: Down): void {
    if (this.#closing || this.#downWhy !== null) return;
    this.#downWhy = why.message;
    this.#parts.listener.down(why);
  }
}

function exitWords({ child, stderr }: Running): string {
  const how =
    child.signalCode === null ? `exited with code ${child.exitCode ?? 'unknown'}` : `was ended by ${child.signalCode}`;
  const said = stderr.last === null ? '' : ` Its last words: ${shortened(stderr.last)}`;
  return `The server's process ${how}.${said}`;
}
