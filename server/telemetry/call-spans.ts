import {
  type Context,
  createTraceState,
  type HrTime,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { EndedStory, SpanDraft } from './call-story';
import type { ChosenIds } from './chosen-ids';
import { type CallTrace, callTraceOf, type SpanKey, spanIdOf, traceParentOf } from './trace-context';

const kinds: { readonly [K in SpanDraft['kind']]: SpanKind } = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** A call's spans, recorded when it is over: each has its own begin and end, whenever that was and in whichever life. */
export class CallSpans {
  constructor(
    private readonly tracer: Tracer,
    private readonly ids: ChosenIds,
  ) {}

  /** `meta` is what the agent gave with the call. */
  record(story: EndedStory, meta: JsonObject): void {
    const place = callTraceOf(story.callId, meta);
    const contexts = new Map<string, SpanContext>();
    for (const draft of story.spans) {
      const above = draft.parent === null ? undefined : contexts.get(spanIdOf(draft.parent));
      const parent = above === undefined ? outside(place) : trace.setSpanContext(ROOT_CONTEXT, above);
      contexts.set(spanIdOf(draft.key), this.one(draft, parent, place));
    }
  }

  private one(draft: SpanDraft, parent: Context, place: CallTrace): SpanContext {
    const span = this.ids.with({ traceId: place.traceId, spanId: spanIdOf(draft.key) }, () =>
      this.tracer.startSpan(
        draft.name,
        { kind: kinds[draft.kind], startTime: hrTime(draft.startAt), attributes: { ...draft.facts } },
        parent,
      ),
    );
    for (const { at, name, facts } of draft.marks) span.addEvent(name, { ...facts }, hrTime(at));
    if (draft.failed !== null) {
      span.setAttribute('error.type', draft.failed);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(hrTime(Math.max(draft.startAt, draft.endAt)));
    return span.spanContext();
  }

  /** `_meta` for one sending: its server's spans belong under this very sending. */
  upstreamMeta({ callId, rpcId }: { readonly callId: CallId; readonly rpcId: string }, meta: JsonObject): JsonObject {
    const place = callTraceOf(callId, meta);
    const { traceId } = place;
    const traceparent = traceParentOf(
      { traceId, spanId: spanIdOf({ of: 'send', id: rpcId }) },
      this.samples(callId, place),
    );
    const { traceparent: _agents, tracestate: _state, ...rest } = meta;
    return { ...rest, traceparent, ...(place.state === null ? {} : { tracestate: place.state }) };
  }

  /** The sampler's word on the call's trace: asked by beginning its span, which is not recorded until it is over. */
  private samples(callId: CallId, place: CallTrace): boolean {
    const key: SpanKey = { of: 'call', id: callId };
    const span = this.ids.with({ traceId: place.traceId, spanId: spanIdOf(key) }, () =>
      this.tracer.startSpan('tools/call', { kind: SpanKind.SERVER }, outside(place)),
    );
    return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
  }
}

/** The agent's span, or none. */
function outside({ traceId, parentId, sampled, state }: CallTrace): Context {
  if (parentId === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: parentId,
    traceFlags: sampled === true ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(state === null ? {} : { traceState: createTraceState(state) }),
  });
}

/** A bare number before this process began would be taken for one of its own clock. */
function hrTime(at: number): HrTime {
  const seconds = Math.floor(at / 1_000);
  return [seconds, Math.round((at - seconds * 1_000) * 1e6)];
}
