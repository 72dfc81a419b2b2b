import type { Json } from '@/lib/domain/json';
import type { MaskingPreview, MaskingRule } from '@/lib/domain/masking/rule';
import type { MaskScope } from '@/server/engine/ports/masking';
import type { PastCall, Store } from '@/server/engine/ports/store';
import { concerns, reachOfRule } from './masking-rules';

const callsLooked = 50;
/** Of each of the last sessions, the raw messages at its end. */
const sessionsLooked = 5;
const rawLooked = 200;

interface Sample {
  readonly value: Json;
  readonly scope: MaskScope;
}

/** What rules would mask in the calls received last; nothing is changed. */
export async function previewMasking(store: Store, rules: readonly MaskingRule[]): Promise<MaskingPreview> {
  const past = await store.pastCalls({ limit: callsLooked, sinceAt: 0 });
  const counts = rules.map(() => ({ values: 0, failures: 0 }));
  const look = (samples: readonly Sample[]): void => {
    for (const [index, rule] of rules.entries()) {
      const count = counts[index];
      if (count === undefined) continue;
      for (const { value, scope } of samples) {
        if (!rule.parts.includes(scope.part) || !concerns(rule, scope)) continue;
        const reach = reachOfRule(rule, value);
        if (reach.is === 'failed') count.failures += 1;
        else count.values += reach.places.length;
      }
    }
  };
  for (const one of past) {
    look(await samplesOf(store, one));
    // Large bodies take a while: others come in between.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (rules.some(({ parts }) => parts.includes('raw'))) {
    const sessions = [...new Set(past.map(({ sessionId }) => sessionId))].slice(0, sessionsLooked);
    for (const id of sessions) {
      const messages = await store.rawBefore(id, { beforeSeq: null, limit: rawLooked });
      look(messages.map(({ message, server }) => ({ value: message, scope: { part: 'raw', server, tool: null } })));
    }
  }
  const values = counts.reduce((sum, count) => sum + count.values, 0);
  return { calls: past.length, values, rules: counts };
}

async function samplesOf(store: Store, { callId, call, arguments: given }: PastCall): Promise<readonly Sample[]> {
  const { server, tool } = call;
  const samples: Sample[] = [];
  const add = (part: MaskScope['part'], value: Json | null): void => {
    if (value !== null) samples.push({ value, scope: { part, server, tool } });
  };
  add('arguments', given);
  add('results', await store.payload(callId, 'result'));
  for (const request of await store.requestsOfCall(callId))
    if ('answer' in request) add('answers', await store.payload(request.requestId, 'answer'));
  return samples;
}
