import { describe, expect, test } from 'vitest';
import type { AgentId, PauseId, PersonId } from '@/lib/domain/ids';
import { type Pause, pauseOf, pausesOfSession, type PauseTarget } from '@/lib/domain/pause';

const now = 1_000_000;

function pauseOn(target: PauseTarget, untilAt: number | null = null): Pause {
  const by = { id: 'per_a' as PersonId, name: 'Ana Ruiz' };
  return { pauseId: `pse_${JSON.stringify(target)}` as PauseId, target, reason: 'late', by, at: 1, untilAt };
}

const night = pauseOn({ kind: 'agent', agentId: 'agt_night' as AgentId, agent: 'night' });
const billing = pauseOn({ kind: 'server', server: 'billing' });
const over = pauseOn({ kind: 'server', server: 'files' }, now);
const all = pauseOn({ kind: 'everything' });

describe('the pauses of a session', () => {
  test('are those of its agent and of servers it uses, while they last', () => {
    const pauses = [all, night, billing, over];
    const of = (agentId: string, servers: readonly string[]): readonly Pause[] =>
      pausesOfSession(pauses, { agentId: agentId as AgentId, servers }, now);
    expect(of('agt_night', ['files', 'billing'])).toEqual([night, billing]);
    expect(of('agt_day', ['billing'])).toEqual([billing]);
    expect(of('agt_day', ['files'])).toEqual([]);
    expect(pausesOfSession(pauses, { agentId: 'agt_day' as AgentId, servers: ['files'] }, now - 1)).toEqual([over]);
  });

  test('of a call the widest is named', () => {
    const call = { server: 'billing', agentId: 'agt_night' as AgentId };
    expect(pauseOf([night, billing, all], call, now)).toBe(all);
    expect(pauseOf([night, billing], call, now)).toBe(billing);
  });
});
