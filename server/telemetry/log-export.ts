import { Writable } from 'node:stream';
import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { type AnyValueMap, type Logger, SeverityNumber } from '@opentelemetry/api-logs';

const severities: Readonly<Record<number, { readonly number: SeverityNumber; readonly text: string }>> = {
  20: { number: SeverityNumber.DEBUG, text: 'DEBUG' },
  30: { number: SeverityNumber.INFO, text: 'INFO' },
  40: { number: SeverityNumber.WARN, text: 'WARN' },
  50: { number: SeverityNumber.ERROR, text: 'ERROR' },
  60: { number: SeverityNumber.FATAL, text: 'FATAL' },
};

/** Takes the log's own JSON lines, masked as they are, and hands each on as a record joined to its trace. */
export function logExport(logger: Logger): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line !== '') emit(logger, line);
      done();
    },
  });
}

function emit(logger: Logger, line: string): void {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null) return;
  const { level, time, msg, trace_id: traceId, span_id: spanId, ...attributes } = parsed as Record<string, unknown>;
  const severity = severities[Number(level)];
  const context =
    typeof traceId === 'string' && typeof spanId === 'string'
      ? trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED })
      : ROOT_CONTEXT;
  logger.emit({
    body: typeof msg === 'string' ? msg : '',
    ...(typeof time === 'number' ? { timestamp: time } : {}),
    ...(severity === undefined ? {} : { severityNumber: severity.number, severityText: severity.text }),
    attributes: attributes as AnyValueMap,
    context,
  });
}
