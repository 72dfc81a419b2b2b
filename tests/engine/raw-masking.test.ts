import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import { masked } from '@/lib/domain/mask';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import { noMaskingRules } from '@/server/engine/ports/masking';
import { RawMasking } from '@/server/engine/raw-masking';
import { MaskingRules } from '@/server/keeping/masking-rules';

const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const fromServer = { side: 'server', direction: 'in', server: 'kitchen', connectionId: null } as const;
const toAgent = { side: 'agent', direction: 'out', server: null, connectionId: null } as const;
const notes: MaskingRule = {
  name: 'notes',
  path: '$.structuredContent.rows[*].note',
  parts: ['results'],
  server: 'kitchen',
  tool: null,
};

function answer(result: JsonObject, id = 'call-1'): JsonObject {
  return { jsonrpc: '2.0', id, result };
}

describe('the raw messages of one result', () => {
  it('are each masked by the rules for their side (I14)', () => {
    const raw = new RawMasking(new MaskingRules([notes]), () => null);
    const result: JsonObject = { structuredContent: { rows: [{ note: 'the patient sleeps', token: secret }] } };
    const call = { jsonrpc: '2.0', id: 'agent-7', method: 'tools/call', params: { name: 'other__read' } };
    raw.masked({ ...toAgent, direction: 'in', message: call });
    // The agent's side says another server, whose results no rule is for.
    const told = JSON.stringify(raw.masked({ ...toAgent, message: answer(result, 'agent-7') }));
    const heard = JSON.stringify(raw.masked({ ...fromServer, message: answer(result) }));
    expect([told.includes('sleeps'), heard.includes('sleeps')]).toEqual([true, false]);
    expect([told.includes(secret), heard.includes(secret)]).toEqual([false, false]);
  });

  it('are kept in part when they are large, and say so; one that is not large is kept as it is', () => {
    const raw = new RawMasking(noMaskingRules, () => null);
    const large = raw.masked({
      ...fromServer,
      message: answer({ content: [{ type: 'text', text: 'x'.repeat(5e6) }] }),
    });
    expect(large.isCut).toBe(true);
    expect(JSON.stringify(large.message).length).toBeLessThan(220_000);
    expect(large.message).toMatchObject({ jsonrpc: '2.0', id: 'call-1' });
    const small = answer({ content: [{ type: 'text', text: 'x'.repeat(1e5) }] });
    expect(raw.masked({ ...fromServer, message: small })).toEqual({ message: small });
  });

  it('hide in the part that is kept what a rule covers in the part that is not (I14)', () => {
    const raw = new RawMasking(new MaskingRules([notes]), () => null);
    const rows = Array.from({ length: 1_000 }, (_, at) => ({
      text: 'x'.repeat(300),
      note: at === 999 ? 'the patient sleeps' : null,
    }));
    const content = [{ type: 'text', text: 'Last: the patient sleeps.' }];
    const kept = raw.masked({ ...fromServer, message: answer({ content, structuredContent: { rows } }) });
    expect(kept.isCut).toBe(true);
    expect(JSON.stringify(kept.message)).toContain(`Last: ${masked}.`);
  });
});
