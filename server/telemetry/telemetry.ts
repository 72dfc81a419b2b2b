import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { DiagLogLevel, diag, type Meter, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { metrics as metricsSdk, NodeSDK, resources } from '@opentelemetry/sdk-node';
import type { SessionEvent } from '@/lib/domain/event';
import type { CallId, SessionId } from '@/lib/domain/ids';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { Change } from '@/server/engine/ports/publisher';
import { noTracing, type Tracing } from '@/server/engine/ports/tracing';
import { CallFollower } from './call-follower';
import { CallSpans } from './call-spans';
import type { EndedStory } from './call-story';
import { ChosenIds } from './chosen-ids';
import { logEvent } from './event-log';
import { type Census, Figures } from './figures';
import { KnownTraces } from './known-traces';
import { logExport } from './log-export';
import { watchProcess } from './process-figures';

const name = 'holdpoint';
/** A collector that does not answer must not hold up our stopping. */
const farewellMs = 3_000;

export interface TelemetryOrder {
  /** Whether the standard `OTEL_…` variables ask for something to be sent; the SDK reads them itself. */
  readonly exports: boolean;
  readonly version: string;
}

/** What is told of the engine, as it is told: read only. */
export interface TelemetrySources {
  readonly events: (
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ) => Promise<readonly SessionEvent[]>;
  /** What the agent gave with a call; null when it gave nothing or it is kept no more. */
  readonly metaOf: (id: CallId) => Promise<Json | null>;
  readonly census: () => Census;
  readonly log: Log;
}

/**
 * Figures, traces and a line for each stage, all told from committed events: what is not on disk is not told, and what
 * is told survives our death. Figures are always there to be read; traces, logs and figures are sent where the
 * standard variables say.
 */
export class Telemetry {
  readonly #sdk: NodeSDK | null;
  readonly #prometheus = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  readonly #ids = new ChosenIds();
  readonly #known = new KnownTraces();
  readonly #spans: CallSpans | null;
  readonly #meters: readonly Meter[];
  readonly #local: metricsSdk.MeterProvider;
  readonly #stopWatching: () => void;
  /** Where the log's lines go too; null when they are not sent. */
  readonly logStream: Writable | null;

  constructor({ exports, version }: TelemetryOrder) {
    const resource = resources.resourceFromAttributes({ 'service.name': name, 'service.version': version });
    this.#sdk = exports ? sdkOf(resource, this.#ids) : null;
    this.#sdk?.start();
    this.#local = new metricsSdk.MeterProvider({ resource, readers: [this.#prometheus] });
    const local = this.#local.getMeter(name, version);
    this.#meters = this.#sdk === null ? [local] : [local, metrics.getMeter(name, version)];
    this.#stopWatching = watchProcess(this.#meters);
    this.#spans = this.#sdk === null ? null : new CallSpans(trace.getTracer(name, version), this.#ids);
    this.logStream = this.#sdk === null ? null : logExport(logs.getLogger(name, version));
  }

  /** For the engine. */
  get tracing(): Tracing {
    const spans = this.#spans;
    if (spans === null) return noTracing;
    return {
      received: (callId, meta) => this.#known.note(callId, meta),
      upstreamMeta: (sending, meta) => {
        this.#known.note(sending.callId, meta);
        return spans.upstreamMeta(sending, meta);
      },
    };
  }

  /** What joins a line of the log to its trace. */
  fieldsOf(line: object): object {
    return this.#known.fieldsOf(line);
  }

  /** The returned function hears what is published. */
  follow({ events, metaOf, census, log }: TelemetrySources): (change: Change) => void {
    if (this.#sdk !== null)
      diag.setLogger(diagnosis(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    const figures = new Figures(this.#meters, census);
    const ended = (story: EndedStory): void => {
      figures.ended(story);
      this.#record(story, metaOf).catch((error: unknown) =>
        log.warn({ err: error, callId: story.callId }, 'a call could not be traced'),
      );
    };
    const follower = new CallFollower({ events, ended, log });
    return (change) => {
      if (change.change !== 'events') return;
      figures.committed();
      for (const event of change.events) {
        logEvent(log, event);
        figures.take(event);
      }
      follower.hear(change.events);
    };
  }

  async #record(story: EndedStory, metaOf: TelemetrySources['metaOf']): Promise<void> {
    if (this.#spans === null) return;
    const meta = await metaOf(story.callId);
    const given: JsonObject = isJsonObject(meta) ? meta : {};
    this.#spans.record(story, given);
    this.#known.forget(story.callId);
  }

  /** Answers one reading of the figures, as Prometheus reads them. */
  serveFigures(req: IncomingMessage, res: ServerResponse): void {
    this.#prometheus.getMetricsRequestHandler(req, res);
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    const stopped = Promise.allSettled([this.#sdk?.shutdown(), this.#local.shutdown()]);
    const late = new Promise((resolve) => {
      setTimeout(resolve, farewellMs).unref();
    });
    await Promise.race([stopped, late]);
  }
}

function sdkOf(resource: resources.Resource, ids: ChosenIds): NodeSDK {
  // Not the process's detector: it tells the command line and who runs it.
  const detectors = [resources.envDetector, resources.hostDetector, resources.serviceInstanceIdDetector];
  return new NodeSDK({ resource, resourceDetectors: detectors, idGenerator: ids, instrumentations: [] });
}

/** What the SDK has to say of itself, such as a collector that does not answer. */
function diagnosis(log: Log): Parameters<typeof diag.setLogger>[0] {
  const words = (message: string): string => `telemetry: ${message}`.slice(0, 500);
  return {
    error: (message) => log.warn({}, words(message)),
    warn: (message) => log.warn({}, words(message)),
    info: (message) => log.info({}, words(message)),
    debug: (message) => log.debug({}, words(message)),
    verbose: () => {},
  };
}
