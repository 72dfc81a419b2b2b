import { describe, expect, it } from 'vitest';
import { emptyBook } from '@/lib/domain/book';
import type { Call } from '@/lib/domain/call';
import type { Connection } from '@/lib/domain/connection';
import type { CallId, ConnectionId } from '@/lib/domain/ids';
import { trimBook } from '@/server/engine/trim-book';
import { neverBack, plainCall } from '@/tests/support/desk';

function endedCall(index: number, deliveredAt: number | null): Call {
  const callId = `call_${String(index).padStart(12, '0')}` as CallId;
  const facts = { callId, server: `s${index % 2}`, tool: 't', title: 'T', annotations: {}, risk: 'writes' as const };
  const run = { receivedAt: 1, rule: null, runs: 0, agentLeft: null, edited: false, ...neverBack, ...plainCall };
  return { ...facts, ...run, state: 'expired', endedAt: 2, sent: null, deliveredAt };
}

describe('a long session’s book', () => {
  it('keeps outcomes no agent took, but not without end; the count of calls stays true', () => {
    const book = emptyBook();
    for (let index = 0; index < 5_000; index += 1) {
      const call = endedCall(index, null);
      book.calls.set(call.callId, call);
    }
    trimBook(book);
    expect(book.calls.size).toBe(1_000);
    expect(book.carried).toEqual({ calls: 4_000, servers: ['s0', 's1'], teams: [] });
    expect(book.calls.has(endedCall(4_999, null).callId)).toBe(true);
  });

  it('lets go of what was delivered first', () => {
    const book = emptyBook();
    for (let index = 0; index < 600; index += 1) {
      const call = endedCall(index, index < 400 ? 3 : null);
      book.calls.set(call.callId, call);
    }
    trimBook(book);
    expect([...book.calls.values()].filter((call) => 'deliveredAt' in call && call.deliveredAt === null)).toHaveLength(
      200,
    );
    expect(book.calls.size).toBe(300);
  });

  it('lets go of connections that are over, never of a live one, and knows their servers still', () => {
    const book = emptyBook();
    for (let index = 0; index < 500; index += 1) {
      const connectionId = `con_${String(index).padStart(12, '0')}` as ConnectionId;
      const facts = { connectionId, server: 'dead', transport: 'http' as const, era: 'stateful' as const, openedAt: 1 };
      const connection: Connection =
        index === 0
          ? { ...facts, server: 'live', state: 'opening' }
          : { ...facts, state: 'lost', endedAt: 2, why: 'gone' };
      book.connections.set(connectionId, connection);
    }
    trimBook(book);
    expect(book.connections.size).toBe(101);
    expect([...book.connections.values()].some((connection) => connection.state === 'opening')).toBe(true);
    expect(book.carried.servers).toEqual(['dead']);
  });
});
