import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintId } from '@/lib/domain/ids';
import { callTraceOf, spanIdOf, traceParentOf } from '@/server/telemetry/trace-context';

const callId = mintId('call', (count) => randomBytes(count));
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';

describe('the trace of a call', () => {
  it('is the agent’s', () => {
    const meta = { traceparent: `00-${traceId}-${parentId}-01`, tracestate: 'vendor=1' };
    expect(callTraceOf(callId, meta)).toEqual({ traceId, parentId, sampled: true, state: 'vendor=1' });
    expect(callTraceOf(callId, { traceparent: `00-${traceId}-${parentId}-00` })).toMatchObject({ sampled: false });
  });

  it('of a later version is read by what it shares with ours', () => {
    const meta = { traceparent: `cc-${traceId}-${parentId}-01-what-comes` };
    expect(callTraceOf(callId, meta)).toMatchObject({ traceId, parentId });
  });

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['no hex', `00-${'z'.repeat(32)}-${parentId}-01`],
    ['capitals', `00-${traceId.toUpperCase()}-${parentId}-01`],
    ['only zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-${parentId}-01`],
    ['too much for version 00', `00-${traceId}-${parentId}-01-more`],
    ['a line after it', `00-${traceId}-${parentId}-01\nx`],
  ])('begins with us where the agent gave %s', (_what, traceparent) => {
    const meta = traceparent === undefined ? {} : { traceparent };
    const own = callTraceOf(callId, meta);
    expect(own).toMatchObject({ parentId: null, sampled: null, state: null });
    expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(own.traceId).not.toBe(traceId);
    expect(callTraceOf(callId, {})).toEqual(own);
  });

  it.each(['', 'x'.repeat(513), 'a=1\r\nevil: 1', 7])(
    'leaves a state out that no header could carry: %j',
    (tracestate) => {
      const meta = { traceparent: `00-${traceId}-${parentId}-01`, tracestate };
      expect(callTraceOf(callId, meta).state).toBeNull();
    },
  );

  it('I5 has ids that another life of ours makes again, each of them another', () => {
    const keys = [
      { of: 'call', id: callId },
      { of: 'send', id: callId },
      { of: 'send', id: `${callId}.2` },
    ] as const;
    const ids = keys.map(spanIdOf);
    expect(new Set(ids).size).toBe(keys.length);
    expect(keys.map(spanIdOf)).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(traceParentOf({ traceId, spanId: parentId }, true)).toBe(`00-${traceId}-${parentId}-01`);
  });
});
