import { afterEach, describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { type RememberOrder, rememberMs } from '@/lib/domain/policy/choice';
import type { HoldTerms } from '@/lib/domain/policy/rule';
import { approvalVoidCode } from '@/server/engine/rpc-codes';
import { must } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';
import { agentId, type DeskPlace, member, openDesk, pay, payments, security } from './engine/place';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ana = member('approver', 'Ana', [payments]);
const bo = member('approver', 'Bo', [payments]);
const held = (hold: Partial<HoldTerms>, id = 'held') =>
  ruleOf({ id, hold: { team: payments, editable: [''], ...hold } });

interface Scene {
  readonly desk: DeskPlace;
  readonly sessionId: SessionId;
  readonly otherSession: SessionId;
}

/** What changes between the choice and the next call, and whether people are asked again. */
interface Variation {
  readonly remember?: RememberOrder;
  readonly change?: (scene: Scene) => void;
  readonly given?: JsonObject;
  readonly agent?: 'another';
  readonly session?: 'another';
  readonly asked: boolean;
}

const forSession: RememberOrder = { for: 'session', fields: [] };
const sameAmount: RememberOrder = { for: 'revoked', fields: ['/amount'] };
const variations: Readonly<Record<string, Variation>> = {
  nothing: { asked: false },
  'the arguments, where any will do': { given: { amount: 9, to: 'Ben' }, asked: false },
  'an argument that was not chosen': { remember: sameAmount, given: { amount: 5, to: 'Ben' }, asked: false },
  'the value of a chosen argument': { remember: sameAmount, given: { amount: 6, to: 'Ada' }, asked: true },
  'the type of a chosen value': { remember: sameAmount, given: { amount: 5.5, to: 'Ada' }, asked: true },
  'a chosen argument is left out': { remember: sameAmount, given: { to: 'Ada' }, asked: true },
  'time, nearly to the end': { change: ({ desk }) => desk.clock.move(rememberMs - 1), asked: false },
  'time, past the end': { change: ({ desk }) => desk.clock.move(rememberMs), asked: true },
  'time, where it holds for the session': {
    remember: forSession,
    change: ({ desk }) => desk.clock.move(rememberMs * 9),
    asked: false,
  },
  'the session, where it holds for one': { remember: forSession, session: 'another', asked: true },
  'the session, where it holds for a time': { session: 'another', asked: false },
  'the agent': { agent: 'another', asked: true },
  'the definition of the tool': {
    change: ({ desk }) => {
      for (const each of desk.upstream.connections) each.tools = [{ ...pay, description: 'Pays another.' }];
      desk.upstream.tools = [{ ...pay, description: 'Pays another.' }];
    },
    session: 'another',
    asked: true,
  },
  'it is revoked': {
    change: ({ desk }) =>
      void desk.choices.kept.splice(0, 1, ...desk.choices.kept.map((one) => ({ ...one, revokedAt: 1 }))),
    asked: true,
  },
  'the rule is another one': { change: ({ desk }) => desk.policy.set([held({}, 'another')]), asked: true },
  'the rule wants two': {
    change: ({ desk }) => desk.policy.set([held({ approvals: [{ count: 2, role: null, team: null }] })]),
    asked: true,
  },
  'the rule wants an admin': {
    change: ({ desk }) => desk.policy.set([held({ approvals: [{ count: 1, role: 'admin', team: null }] })]),
    asked: true,
  },
  'the rule lets nothing be remembered': {
    change: ({ desk }) => desk.policy.set([held({ mayRemember: false })]),
    asked: true,
  },
  'the rule asks another team': { change: ({ desk }) => desk.policy.set([held({ team: security })]), asked: true },
  'who chose answers for the agent, and may not': {
    change: ({ desk }) => {
      desk.roster.own(agentId(), ana.id);
      desk.policy.set([held({ ownerMayApprove: false })]);
    },
    asked: true,
  },
  'who chose only watches': { change: ({ desk }) => desk.roster.put({ ...ana, role: 'observer' }), asked: true },
  'who chose left the team': { change: ({ desk }) => desk.roster.put({ ...ana, teams: [] }), asked: true },
  'who chose is gone': { change: ({ desk }) => desk.roster.remove(ana.id), asked: true },
  'a colleague left the team': { change: ({ desk }) => desk.roster.put({ ...bo, teams: [] }), asked: false },
};

describe('I6 a remembered approval, when what changed is', () => {
  it.each(Object.entries(variations))('%s', async (_what, variation) => {
    const { remember = { for: '15min', fields: [] }, given = { amount: 5, to: 'Ada' }, asked } = variation;
    const desk = await openDesk([held({})], [ana, bo]);
    closers.push(() => desk.place.close());
    const sessionId = await desk.place.session();
    const otherSession = await desk.place.session(variation.agent === undefined ? undefined : 'day-shift');
    const first = desk.place.call(sessionId, 'bank/pay', { amount: 5, to: 'Ada' });
    must(await desk.place.answer(await desk.place.opened(), 'accept', { person: ana, remember }));
    must(await first.outcome);
    expect(desk.choices.kept).toHaveLength(1);
    variation.change?.({ desk, sessionId, otherSession });
    const where = variation.agent === undefined && variation.session === undefined ? sessionId : otherSession;
    const second = desk.place.call(where, 'bank/pay', given);
    const callId = await second.received;
    const events = await desk.place.events(where);
    const isHeld = events.some((event) => event.type === 'call.held' && event.callId === callId);
    expect(isHeld).toBe(asked);
    const outcome = asked ? 'waits' : must(await second.outcome).outcome;
    expect(outcome).toBe(asked ? 'waits' : 'completed');
    expect(desk.upstream.connections.flatMap(({ calls }) => calls)).toHaveLength(asked ? 1 : 2);
  });

  it('the definition of the tool, silently after it was decided: nothing is sent', async () => {
    const desk = await openDesk([held({})], [ana]);
    closers.push(() => desk.place.close());
    const sessionId = await desk.place.session();
    const first = desk.place.call(sessionId, 'bank/pay', { amount: 5, to: 'Ada' });
    const remember = { for: 'revoked', fields: [] } as const;
    must(await desk.place.answer(await desk.place.opened(), 'accept', { person: ana, remember }));
    must(await first.outcome);
    // The server does not say so: the call is decided by the list of before.
    desk.upstream.to('bank').tools = [{ ...pay, description: 'Pays another.' }];
    const second = desk.place.call(sessionId, 'bank/pay', { amount: 5, to: 'Ada' });
    const callId = await second.received;
    expect(must(await second.outcome)).toMatchObject({ outcome: 'failed', error: { code: approvalVoidCode } });
    const types = (await desk.place.events(sessionId)).flatMap((event) =>
      'callId' in event && event.callId === callId ? [event.type] : [],
    );
    expect(types).toEqual(['call.received', 'call.allowed', 'call.failed']);
    expect(desk.upstream.to('bank').calls).toHaveLength(1);
  });

  it('a rule that denies: nothing is asked and nothing is sent', async () => {
    const desk = await openDesk([held({})], [ana]);
    closers.push(() => desk.place.close());
    const sessionId = await desk.place.session();
    const first = desk.place.call(sessionId, 'bank/pay', { amount: 5, to: 'Ada' });
    const remember = { for: 'revoked', fields: [] } as const;
    must(await desk.place.answer(await desk.place.opened(), 'accept', { person: ana, remember }));
    must(await first.outcome);
    desk.policy.set([held({}), ruleOf({ id: 'never', decision: 'deny' })]);
    const second = must(await desk.place.call(sessionId, 'bank/pay', { amount: 5, to: 'Ada' }).outcome);
    expect(second).toMatchObject({ outcome: 'rejected' });
    expect(desk.upstream.to('bank').calls).toHaveLength(1);
  });
});
