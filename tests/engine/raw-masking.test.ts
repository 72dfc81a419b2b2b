import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import { maskJson } from '@/lib/domain/mask';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import { noMaskingRules } from '@/server/engine/ports/masking';
import { RawMasking } from '@/server/engine/raw-masking';
import { MaskingRules } from '@/server/keeping/masking-rules';

const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const fromServer = { side: 'server', direction: 'in', server: 'kitchen', connectionId: null } as const;
const toAgent = { side: 'agent', direction: 'out', server: null, connectionId: null } as const;

function answer(result: JsonObject, id = 'call-1'): JsonObject {
  return { jsonrpc: '2.0', id, result };
}

describe('the raw messages of one result', () => {
  it('are read through for secrets once, though it passes twice (I14)', () => {
    const raw = new RawMasking(noMaskingRules, () => null);
    const result: JsonObject = { content: [{ type: 'text', text: `the key is ${secret}` }], isError: false };
    const heard = raw.masked({ ...fromServer, message: answer(result) }) as JsonObject;
    const told = raw.masked({ ...toAgent, message: answer(result, 'agent-7') }) as JsonObject;
    expect(told['result']).toBe(heard['result']);
    expect(JSON.stringify(told)).toBe(JSON.stringify(maskJson(answer(result, 'agent-7'))));
    expect(JSON.stringify(heard)).not.toContain(secret);
    // What is like it and not it is read anew.
    const again = raw.masked({ ...toAgent, message: answer({ ...result, isError: true }) }) as JsonObject;
    expect(again['result']).not.toBe(heard['result']);
    expect(JSON.stringify(again)).not.toContain(secret);
  });

  it('are each masked by the rules for their side (I14)', () => {
    const rule: MaskingRule = { name: 'notes', path: '$.note', parts: ['results'], server: 'kitchen', tool: null };
    const raw = new RawMasking(new MaskingRules([rule]), () => null);
    const result: JsonObject = { note: 'the patient sleeps', token: secret };
    const call = { jsonrpc: '2.0', id: 'agent-7', method: 'tools/call', params: { name: 'other__read' } };
    raw.masked({ ...toAgent, direction: 'in', message: call });
    // The agent's side says another server, whose results no rule is for.
    const told = JSON.stringify(raw.masked({ ...toAgent, message: answer(result, 'agent-7') }));
    const heard = JSON.stringify(raw.masked({ ...fromServer, message: answer(result) }));
    expect([told.includes('sleeps'), heard.includes('sleeps')]).toEqual([true, false]);
    expect([told.includes(secret), heard.includes(secret)]).toEqual([false, false]);
  });
});
