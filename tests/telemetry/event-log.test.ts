import { describe, expect, it } from 'vitest';
import type { Log } from '@/server/engine/ports/log';
import { logEvent } from '@/server/telemetry/event-log';
import * as say from '@/tests/timeline/events';

interface Line {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

function lines(events: ReturnType<typeof say.log>): readonly Line[] {
  const all: Line[] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void all.push({ level, fields, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  for (const event of events) logEvent(log, event);
  return all;
}

const { call1, req1, con1 } = say;
const events = say.log([
  [0, say.started],
  [0, say.opening],
  [1, say.received(call1)],
  [1, { type: 'call.held', callId: call1, rule: say.rule, requestId: req1 }],
  [1, say.opened(req1, call1)],
  [2, { ...say.answered(req1), reason: 'hunter2' }, say.ana],
  [3, say.sent(call1)],
  [4, say.progress(call1, 1)],
  [5, { type: 'connection.lost', connectionId: con1, why: 'secret words' }],
  [6, { type: 'call.failed', callId: call1, error: { code: -1, message: 'hunter2' } }],
]);

describe('the log of stages', () => {
  it('has a line for each, with what finds it again', () => {
    const said = lines(events);
    expect(said.map(({ message }) => message)).toEqual([
      'session.started',
      'connection.opening',
      'call.received',
      'call.held',
      'request.opened',
      'request.answered',
      'call.sent',
      'connection.lost',
      'call.failed',
    ]);
    expect(said[2]?.fields).toMatchObject({
      sessionId: say.sessionId,
      callId: call1,
      server: 'accounts',
      risk: 'writes',
    });
    expect(said[5]?.fields).toMatchObject({ requestId: req1, action: 'accept', person: 'per_ana' });
  });

  it('warns of what an operator should look at', () => {
    const warned = lines(events).filter(({ level }) => level === 'warn');
    expect(warned.map(({ message }) => message)).toEqual(['connection.lost', 'call.failed']);
  });

  it('I14 holds nobody’s words', () => {
    const text = JSON.stringify(lines(events));
    for (const words of ['hunter2', 'secret words', 'account details', 'Ana', 'attaching'])
      expect(text).not.toContain(words);
  });
});
