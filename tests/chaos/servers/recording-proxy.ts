import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Journal, questionTag } from '@/tests/chaos/servers/journal';

interface RpcMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: unknown;
}

interface Run {
  readonly mark: string;
  readonly execution: string;
}

/**
 * Stands before a server that is nobody's code and keeps its record, from the wire: a call it took (200), a
 * question it asked, the answer it accepted (2xx), a result it sent. Each question's message gets its name, which
 * is all that is changed.
 */
export class RecordingProxy {
  private readonly http: Server;
  /** Runs by session and id of their call; questions by session and id of their request. */
  private readonly runs = new Map<string, Run>();
  private readonly questions = new Map<string, string>();
  private readonly sessions = new Set<string>();
  private executions = 0;

  private constructor(
    private readonly target: URL,
    private readonly journal: Journal,
  ) {
    this.http = createServer((req, res) => {
      this.pass(req, res).catch(() => res.destroy());
    });
  }

  static async start(target: string, journal: Journal): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(new URL(target), journal);
    await new Promise<void>((resolve, reject) => {
      proxy.http.once('error', reject);
      proxy.http.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}${this.target.pathname}`;
  }

  /** Ends every session it has seen, as the server's operator would. */
  async endSessions(): Promise<void> {
    const ids = [...this.sessions];
    this.sessions.clear();
    const ended = ids.map((id) => fetch(this.target, { method: 'DELETE', headers: { 'mcp-session-id': id } }));
    await Promise.allSettled(ended);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }

  private async pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const { hostname, port, pathname } = this.target;
    const headers = { ...req.headers, host: this.target.host };
    const onward = httpRequest({ hostname, port, path: pathname, method: req.method, headers, agent: false });
    res.on('error', () => undefined);
    res.once('close', () => onward.destroy());
    onward.on('error', () => res.destroy());
    onward.once('response', (response) => {
      const session = String(req.headers['mcp-session-id'] ?? response.headers['mcp-session-id'] ?? '');
      if (session !== '') this.sessions.add(session);
      const accepted = (response.statusCode ?? 500) < 300;
      if (accepted && req.method === 'POST') this.heard(session, body);
      res.writeHead(response.statusCode ?? 502, response.headers);
      res.flushHeaders();
      response.on('error', () => res.destroy());
      if (String(response.headers['content-type']).startsWith('text/event-stream')) {
        this.passStream(session, response, res);
      } else {
        response.pipe(res);
      }
    });
    onward.end(body);
  }

  /** Line by line: in SSE a message is one `data:` line here. */
  private passStream(session: string, response: IncomingMessage, res: ServerResponse): void {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      res.write(lines.map((line) => `${this.said(session, line)}\n`).join(''));
    });
    response.on('end', () => res.end(rest));
    response.on('close', () => {
      if (!response.complete) res.destroy();
    });
  }

  /** What a client posted, and the server took. */
  private heard(session: string, body: Buffer): void {
    const message = parse(body.toString('utf8'));
    if (message === null || message.id === undefined) return;
    const key = `${session} ${message.id}`;
    if (message.method === 'tools/call') {
      const args = (message.params?.['arguments'] ?? {}) as Record<string, unknown>;
      const mark = typeof args['mark'] === 'string' ? args['mark'] : '';
      this.executions += 1;
      const run = { mark, execution: `e${this.executions}` };
      this.runs.set(key, run);
      this.journal.write({ kind: 'executed', ...run, tool: String(message.params?.['name']) });
    } else if (message.method === undefined) {
      const question = this.questions.get(key);
      if (question !== undefined) this.journal.write({ kind: 'answered', question, response: message });
    }
  }

  /** What the server said: the line as it shall go on. */
  private said(session: string, line: string): string {
    if (!line.startsWith('data: ')) return line;
    const message = parse(line.slice('data: '.length));
    if (message === null || message.id === undefined) return line;
    const key = `${session} ${message.id}`;
    if (message.method === 'elicitation/create') return `data: ${JSON.stringify(this.named(session, key, message))}`;
    const run = message.method === undefined ? this.runs.get(key) : undefined;
    if (run !== undefined && message.result !== undefined) {
      this.journal.write({ kind: 'returned', ...run, result: message.result });
    }
    return line;
  }

  /** A question again (a stream replayed) is the question it was. */
  private named(session: string, key: string, message: RpcMessage): RpcMessage {
    const question = this.questions.get(key) ?? `${session.slice(0, 8)}/${message.id}`;
    this.questions.set(key, question);
    const words = `${String(message.params?.['message'])} ${questionTag(question)}`;
    return { ...message, params: { ...message.params, message: words } };
  }
}

function parse(text: string): RpcMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function readBody(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => resolve(Buffer.concat(parts)));
    req.on('error', reject);
    req.on('close', () => reject(new Error('cut short')));
  });
}
