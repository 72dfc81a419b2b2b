import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionEvent } from '@/lib/domain/event';
import { Random } from '@/tests/chaos/random';
import { check, type PlainRule, type Trace } from './engine/checker';
import { Waves } from './engine/drive';

const seed = process.env['HOLDPOINT_DESK_SEED'] ?? 'desk';
const wavesCount = 100;
const size = 10;

let waves: Waves;
const traces: Trace[] = [];
beforeAll(async () => {
  waves = await Waves.open(new Random(seed));
});
afterAll(() => waves.close());

describe('people at held calls through the engine, all at once', () => {
  it(`I1 I3 I6 I7 I11 I12 I15 ${wavesCount * size} calls keep every rule (seed ${seed})`, {
    timeout: 280_000,
  }, async () => {
    const violations: string[] = [];
    const refused: Record<string, number> = {};
    let [sent, ok] = [0, 0];
    for (let index = 0; index < wavesCount; index += 1) {
      const waved = await waves.wave(`wave-${index}`, size, (trace) => {
        traces.push(trace);
        return check(trace);
      });
      violations.push(...waved.violations);
      sent += waved.sent;
      ok += waved.ok;
      for (const [code, count] of Object.entries(waved.refused)) refused[code] = (refused[code] ?? 0) + count;
    }
    expect(violations).toEqual([]);
    // The schedule means something: calls get through, and every kind of refusal occurs.
    expect(sent).toBeGreaterThan((wavesCount * size) / 10);
    expect(ok).toBeGreaterThan(wavesCount * size);
    for (const code of [
      'not_found',
      'forbidden',
      'claimed',
      'stale_revision',
      'already_voted',
      'already_answered',
      'not_open',
      'invalid_answer',
    ])
      expect({ code, count: refused[code] ?? 0 }).toSatisfy(({ count }: { count: number }) => count > 0);
  });

  type Bend = (trace: Trace) => Trace;
  const withRules =
    (how: (rule: PlainRule) => PlainRule): Bend =>
    (trace) => ({
      ...trace,
      rules: trace.rules.map(({ at, value }) => ({ at, value: { ...value, rules: value.rules.map(how) } })),
    });
  const withEvents =
    (how: (event: SessionEvent, index: number) => readonly SessionEvent[]): Bend =>
    (trace) => ({
      ...trace,
      events: trace.events.flatMap(how).map((event, index) => ({ ...event, seq: index + 1 })),
    });
  const bends: readonly (readonly [string, string, Bend])[] = [
    [
      'a rule wanted five',
      'approved by fewer',
      withRules((rule) => ({ ...rule, approvals: [{ count: 5, role: null, team: null }] })),
    ],
    [
      'a rule denied it',
      'leaves although a rule denies it',
      withRules((rule) => ({ ...rule, decision: 'deny', above: 0 })),
    ],
    [
      'other arguments were sent',
      'approved was',
      (trace) => ({ ...trace, sent: trace.sent.map((each) => ({ ...each, arguments: { amount: 1 } })) }),
    ],
    [
      'the tool had changed',
      'what leaves is not what was approved',
      (trace) => ({
        ...trace,
        definitions: trace.definitions.map((each, index) =>
          index === 0 ? each : { ...each, value: { name: 'other' } },
        ),
      }),
    ],
    [
      'the rules were other rules',
      'bound to something else',
      (trace) => ({
        ...trace,
        rules: trace.rules.map(({ at, value }) => ({ at, value: { ...value, version: 'other' } })),
      }),
    ],
    [
      'the owner may not, and did',
      'who answers for the agent approves',
      (trace) => ({ ...withRules((rule) => ({ ...rule, ownerMayApprove: false }))(trace), owner: 'per_Ana' }),
    ],
    [
      'everyone only watches',
      'an observer votes',
      (trace) => ({
        ...trace,
        people: trace.people.map(({ at, value }) => ({
          at,
          value: new Map([...value].map(([id, person]) => [id, { ...person, role: 'observer' }])),
        })),
      }),
    ],
    [
      'nobody is in a team',
      'a team its person is not in',
      (trace) => ({
        ...trace,
        people: trace.people.map(({ at, value }) => ({
          at,
          value: new Map([...value].map(([id, person]) => [id, { ...person, teams: [], covers: [] }])),
        })),
      }),
    ],
    [
      'a vote was said twice',
      'a person counts twice',
      withEvents((event) => (event.type === 'request.voted' ? [event, event] : [event])),
    ],
    [
      'there was a second answer',
      'an answer to what is',
      withEvents((event) => (event.type === 'request.answered' ? [event, event] : [event])),
    ],
    ['the edit left the votes', 'an edit nobody made', (trace) => ({ ...trace, edits: new Map() })],
    [
      'a deadline was told as a refusal',
      'rejected although nobody declined',
      withEvents((event) =>
        event.type === 'call.expired' ? [{ ...event, type: 'call.rejected', reason: 'no' }] : [event],
      ),
    ],
    ['it was sent twice', 'sent twice', withEvents((event) => (event.type === 'call.sent' ? [event, event] : [event]))],
    [
      'it was sent without a record',
      'bytes left without a record',
      withEvents((event) => (event.type === 'call.sent' ? [] : [event])),
    ],
    [
      'nobody had approved it',
      'leaves while it is open',
      withEvents((event) => (event.type === 'request.answered' ? [] : [event])),
    ],
    [
      'an event is missing',
      'I15 event',
      (trace) => ({ ...trace, events: trace.events.filter((_event, index) => index !== 4) }),
    ],
    [
      'it ended twice',
      'there are 2 outcomes',
      withEvents((event) => (event.type === 'call.completed' ? [event, event] : [event])),
    ],
    ['its agent heard nothing', 'heard 0 outcomes', (trace) => ({ ...trace, outcomes: 0 })],
    [
      'a refusal had no words',
      'a refusal without words',
      (trace) => ({ ...trace, answersSaid: trace.answersSaid.map((said) => ({ ...said, message: null })) }),
    ],
  ];
  it.each(bends)('the checker notices that %s', (_what, words, bend) => {
    expect(traces.length).toBeGreaterThan(0);
    expect(traces.flatMap((trace) => check(bend(trace))).some((wrong) => wrong.includes(words))).toBe(true);
  });
});
