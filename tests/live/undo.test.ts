import { describe, expect, test } from 'vitest';
import { Answering, undoFromMs, undoMs } from '@/components/live/answering';
import type { LiveParts } from '@/components/live/live-parts';
import type { AttemptOrder } from '@/components/live/state/drafts';
import { LiveStore } from '@/components/live/store';
import { offline, type Send } from '@/components/live/wire';
import type { RequestId } from '@/lib/domain/ids';
import { done } from '@/lib/domain/refusal';
import type { OpenRequest } from '@/lib/domain/request';
import type { Command } from '@/lib/protocol/commands';
import { ana, detailWith, lena, openApproval, openedAt, voteBy } from '@/tests/ui/request-samples';

const one = 'req_000000000001' as RequestId;
const two = 'req_000000000002' as RequestId;

/** A page whose time a test moves; what it says is written down. */
class Desk {
  readonly said: Command[] = [];
  readonly store = new LiveStore();
  readonly answering: Answering;
  line: 'online' | 'away' = 'online';
  private now = openedAt;
  private readonly timers = new Map<() => void, number>();
  private readonly leavers = new Set<() => void>();

  constructor(reply: (request: OpenRequest) => OpenRequest = (request) => request) {
    const send: Send = (async (command: Command) => {
      if (this.line === 'away') return offline;
      this.said.push(command);
      const known = 'requestId' in command && command.requestId !== null ? this.requestOf(command.requestId) : null;
      return known === null ? offline : done(reply(known));
    }) as Send;
    const parts: LiveParts = {
      store: this.store,
      around: {
        now: () => this.now,
        random: (count) => crypto.getRandomValues(new Uint8Array(count)),
        later: (afterMs, run) => {
          this.timers.set(run, this.now + afterMs);
          return () => void this.timers.delete(run);
        },
        nextFrame: (run) => run(),
        storage: null,
      },
      send,
      turn: () => 1,
      isOnline: () => this.line === 'online',
    };
    this.answering = new Answering(parts, (run) => {
      this.leavers.add(run);
      return () => void this.leavers.delete(run);
    });
    this.store.change(() => ({ person: ana }));
  }

  show(requestId: RequestId, leftMs = 10 * undoFromMs, parts: Partial<OpenRequest> = {}): AttemptOrder {
    const deadline = { at: this.now + leftMs, cause: 'rule', reason: 'a rule', onExpiry: 'deny' } as const;
    const detail = detailWith(openApproval(requestId, { deadline, ...parts }));
    this.store.change(({ details }) => ({
      details: new Map(details).set(requestId, { status: 'ready', detail, seq: 1, readFor: '1 open' }),
    }));
    const { revision } = detail.request;
    return { requestId, revision, action: 'accept', reason: null, content: null, tookMs: 900, remember: null };
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    for (const [run, at] of [...this.timers]) if (at <= this.now && this.timers.delete(run)) run();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async leave(): Promise<void> {
    for (const run of [...this.leavers]) run();
    await this.pass(0);
  }

  get listening(): number {
    return this.leavers.size;
  }

  stateOf(requestId: RequestId): string | null {
    return this.store.state.drafts.get(requestId)?.attempt?.state ?? null;
  }

  get answers(): readonly string[] {
    return this.said.flatMap((command) => (command.type === 'request.answer' ? [command.requestId] : []));
  }

  types(): readonly string[] {
    return this.said.map(({ type }) => type);
  }

  private requestOf(requestId: RequestId): OpenRequest | null {
    const known = this.store.state.details.get(requestId);
    return known?.status === 'ready' && known.detail.request.state === 'open' ? known.detail.request : null;
  }
}

describe('an answer that can be undone', () => {
  test('I2 is held with its claim, not sent and not saved, until its time is over; then it goes out once', async () => {
    const desk = new Desk();
    desk.answering.answer(desk.show(one), 'undoable');
    await desk.pass(undoMs - 1);
    expect(desk.types()).toEqual(['request.claim']);
    expect(desk.stateOf(one)).toBe('held');
    await desk.pass(1);
    expect(desk.answers).toEqual([one]);
    await desk.pass(undoMs);
    expect(desk.answers).toEqual([one]);
    expect([desk.stateOf(one), desk.listening]).toEqual([null, 0]);
  });

  test('is not sent once it is undone, and can be given again', async () => {
    const desk = new Desk();
    const order = desk.show(one);
    desk.answering.typed(one, 'typed');
    desk.answering.answer(order, 'undoable');
    await desk.pass(undoMs / 2);
    desk.answering.unqueue(one);
    await desk.pass(2 * undoMs);
    expect([desk.answers, desk.stateOf(one), desk.listening]).toEqual([[], null, 0]);
    expect(desk.store.state.drafts.get(one)?.text).toBe('typed');
    desk.answering.answer({ ...order, action: 'decline' }, 'undoable');
    await desk.pass(undoMs);
    expect(desk.answers).toEqual([one]);
  });

  test('I1 pressed again while it is held it is still one, and its time is not begun anew', async () => {
    const desk = new Desk();
    const order = desk.show(one);
    desk.answering.answer(order, 'undoable');
    await desk.pass(undoMs / 2);
    desk.answering.answer(order, 'undoable');
    await desk.pass(undoMs / 2);
    expect(desk.answers).toEqual([one]);
  });

  test('several wait beside each other, each with its own time', async () => {
    const desk = new Desk();
    const [first, second] = [desk.show(one), desk.show(two)];
    desk.answering.answer(first, 'undoable');
    await desk.pass(1_000);
    desk.answering.answer(second, 'undoable');
    await desk.pass(undoMs - 1_000);
    expect([desk.answers, desk.stateOf(two)]).toEqual([[one], 'held']);
    desk.answering.unqueue(two);
    await desk.pass(undoMs);
    expect(desk.answers).toEqual([one]);
  });

  test('goes out at once when the page is left or hidden', async () => {
    const desk = new Desk();
    desk.answering.answer(desk.show(one), 'undoable');
    desk.answering.answer(desk.show(two), 'undoable');
    await desk.leave();
    expect(desk.answers).toEqual([one, two]);
    expect(desk.listening).toBe(0);
  });

  test.each([
    { where: 'near its deadline', leftMs: undoFromMs, how: 'undoable', action: 'accept' },
    { where: 'where the person wants none', leftMs: 10 * undoFromMs, how: 'at_once', action: 'accept' },
    { where: 'for a dismissal', leftMs: 10 * undoFromMs, how: 'undoable', action: 'cancel' },
  ] as const)('there is none $where', async ({ leftMs, how, action }) => {
    const desk = new Desk();
    desk.answering.answer({ ...desk.show(one, leftMs), action }, how);
    await desk.pass(0);
    expect(desk.answers).toEqual([one]);
  });

  test('without a line it waits for the line, as ever; one whose time ends without a line does, too', async () => {
    const desk = new Desk();
    const [first, second] = [desk.show(one), desk.show(two)];
    desk.answering.answer(first, 'undoable');
    desk.line = 'away';
    desk.answering.answer(second, 'undoable');
    expect([desk.stateOf(one), desk.stateOf(two)]).toEqual(['held', 'queued']);
    await desk.pass(undoMs);
    expect([desk.stateOf(one), desk.answers]).toEqual(['queued', []]);
    desk.line = 'online';
    desk.answering.resync();
    await desk.pass(0);
    expect([...desk.answers].sort()).toEqual([one, two]);
  });

  test('the line coming back does not end its time', async () => {
    const desk = new Desk();
    desk.answering.answer(desk.show(one), 'undoable');
    desk.answering.resync();
    await desk.pass(1);
    expect([desk.answers, desk.stateOf(one)]).toEqual([[], 'held']);
  });

  test('does not take another’s claim', async () => {
    const desk = new Desk();
    const claim = { by: { id: lena.id, name: lena.name }, untilAt: openedAt + 60_000 };
    desk.answering.answer(desk.show(one, 10 * undoFromMs, { claim }), 'undoable');
    await desk.pass(0);
    expect(desk.types()).toEqual([]);
  });
});

describe('a vote that does not decide', () => {
  test('gives the claim back, so that the next person need not wait for it', async () => {
    const claim = { by: { id: ana.id, name: ana.name }, untilAt: openedAt + 60_000 };
    const desk = new Desk((request) => ({ ...request, claim, votes: [voteBy(ana, 'approve')] }));
    desk.answering.answer(desk.show(one, 10 * undoFromMs, { claim }), 'at_once');
    await desk.pass(0);
    expect(desk.types()).toEqual(['request.answer', 'request.release']);
    expect(desk.stateOf(one)).toBeNull();
  });
});
