import { afterEach, describe, expect, it } from 'vitest';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import { must } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';
import { type DeskPlace, member, openDesk, pay, payments, security } from './engine/place';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ana = member('approver', 'Ana', [payments]);
const sam = member('approver', 'Sam', [security]);
const both = member('approver', 'Bea', [payments, security]);
const mika = member('admin', 'Mika');
const rules = [
  ruleOf({ id: 'pays', decision: 'allow', tool: 'pay', questionsTeam: payments }),
  ruleOf({ id: 'scans', decision: 'allow', tool: 'scan', questionsTeam: security }),
  ruleOf({ id: 'rest', decision: 'allow' }),
];

async function open(): Promise<DeskPlace> {
  const desk = await openDesk(rules, [ana, sam, both, mika], { onConnection: () => undefined });
  closers.push(() => desk.place.close());
  desk.upstream.tools = ['pay', 'scan', 'list'].map((name) => ({ ...pay, name }));
  return desk;
}

async function working(desk: DeskPlace, session: SessionId, tool: string): Promise<CallId> {
  const callId = await desk.place.call(session, `bank/${tool}`, { amount: 5, to: 'Ada' }).received;
  await expect.poll(() => desk.upstream.to('bank').calls.some(({ rpcId }) => rpcId === callId)).toBe(true);
  return callId;
}

async function asked(desk: DeskPlace, rpcId: string, callId: CallId | null): Promise<HoldRequest> {
  const opened = desk.place.opened((one) => one.upstream?.rpcId === rpcId);
  await desk.upstream.to('bank').ask(rpcId, callId);
  return opened;
}

async function whoSees(desk: DeskPlace, { requestId }: HoldRequest): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const person of [ana, sam, both, mika])
    if ((await desk.place.engine.people.request(person, requestId)).ok) seen.push(person.name);
  return seen;
}

async function expectRefused(desk: DeskPlace, request: HoldRequest, person: Person): Promise<void> {
  const answer = await desk.place.answer(request, 'accept', { person, content: {} });
  expect(answer).toMatchObject({ ok: false, code: 'not_found' });
}

describe('what a server asks during a call', () => {
  it('I11 is for the team its rule says, and for everyone where it says none', async () => {
    const desk = await open();
    const session = await desk.place.session();
    const paying = await asked(desk, 'q1', await working(desk, session, 'pay'));
    expect(paying.team).toMatchObject({ id: payments, name: 'Payments' });
    expect(await whoSees(desk, paying)).toEqual(['Ana', 'Bea', 'Mika']);
    await expectRefused(desk, paying, sam);
    const plain = await asked(desk, 'q2', await working(desk, session, 'list'));
    expect(plain.team).toBeNull();
    must(await desk.place.answer(plain, 'accept', { person: sam, content: {} }));
    must(await desk.place.answer(paying, 'accept', { person: ana, content: {} }));
  });

  it('I11 beside all streams is for the team of those that may have asked, where that is one', async () => {
    const desk = await open();
    const session = await desk.place.session();
    for (const tool of ['pay', 'list']) await working(desk, session, tool);
    const request = await asked(desk, 'q1', null);
    expect(request).toMatchObject({ callId: null, team: { id: payments } });
    expect(await whoSees(desk, request)).toEqual(['Ana', 'Bea', 'Mika']);
  });

  it('I11 is for admins alone where those that may have asked are of different teams', async () => {
    const desk = await open();
    const session = await desk.place.session();
    for (const tool of ['pay', 'scan']) await working(desk, session, tool);
    const request = await asked(desk, 'q1', null);
    expect(request.candidates).toHaveLength(2);
    expect(request.team?.name).toBe('payments or security');
    expect(await whoSees(desk, request)).toEqual(['Mika']);
    for (const person of [ana, sam, both]) await expectRefused(desk, request, person);
    must(await desk.place.answer(request, 'accept', { person: mika, content: {} }));
    await expect
      .poll(() => desk.upstream.to('bank').answers)
      .toMatchObject([{ rpcId: 'q1', result: { action: 'accept' } }]);
  });
});
