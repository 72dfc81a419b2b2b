import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP's JSON has it. */
export interface GotSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
}

export interface GotLog {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly body?: { readonly stringValue?: string };
  readonly attributes: readonly Attribute[];
}

/** A collector for OTLP over HTTP, as JSON, on a real socket. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly GotSpan[];
  readonly logs: readonly GotLog[];
  /** Names of all metrics that came. */
  readonly metrics: ReadonlySet<string>;
  /** Everything that came, as text. */
  readonly text: () => string;
  /** Resolves once this holds of what came. */
  until(holds: (got: Collector) => boolean): Promise<void>;
  close(): Promise<void>;
}

interface Scoped<K extends string, T> {
  readonly scopeSpans?: readonly { readonly [P in K]?: readonly T[] }[];
  readonly scopeLogs?: readonly { readonly [P in K]?: readonly T[] }[];
  readonly scopeMetrics?: readonly { readonly [P in K]?: readonly T[] }[];
}

export async function startCollector(): Promise<Collector> {
  const spans: GotSpan[] = [];
  const logs: GotLog[] = [];
  const metrics = new Set<string>();
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      texts.push(text);
      const body = JSON.parse(text) as {
        readonly resourceSpans?: readonly Scoped<'spans', GotSpan>[];
        readonly resourceLogs?: readonly Scoped<'logRecords', GotLog>[];
        readonly resourceMetrics?: readonly Scoped<'metrics', { readonly name: string }>[];
      };
      for (const { scopeSpans } of body.resourceSpans ?? [])
        for (const scope of scopeSpans ?? []) spans.push(...(scope.spans ?? []));
      for (const { scopeLogs } of body.resourceLogs ?? [])
        for (const scope of scopeLogs ?? []) logs.push(...(scope.logRecords ?? []));
      for (const { scopeMetrics } of body.resourceMetrics ?? [])
        for (const scope of scopeMetrics ?? []) for (const { name } of scope.metrics ?? []) metrics.add(name);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `http://127.0.0.1:${port}`,
    spans,
    logs,
    metrics,
    text: () => texts.join('\n'),
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds(collector)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return collector;
}

export function attributeOf(of: { readonly attributes: readonly Attribute[] }, key: string): string | undefined {
  const value = of.attributes.find((attribute) => attribute.key === key)?.value;
  const found = value?.stringValue ?? value?.intValue ?? value?.boolValue;
  return found === undefined ? undefined : String(found);
}
