import { expect, test } from 'vitest';
import { voidVotes } from '@/components/request/void-votes';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { Person } from '@/lib/domain/permission';
import { ada, ana, lena, voteBy } from './request-samples';

const voted = (by: Person, at: number, vote: 'approve' | 'deny' = 'approve'): SessionEvent =>
  eventBy(by, at, { type: 'request.voted', vote } as EventBody);
const edited = (by: Person, at: number): SessionEvent => eventBy(by, at, { type: 'request.edited' } as EventBody);

test('I6 an edit makes void what was approved before it, not what was declined or comes after', () => {
  const events = [voted(lena, 1), voted(ana, 2, 'deny'), edited(ada, 3), voted(ada, 4)];
  expect(voidVotes(events, [voteBy(ada, 'approve')])).toEqual([{ id: lena.id, name: lena.name, at: 1 }]);
});

test('I6 each person is named once, with the latest time, and no more once they voted again', () => {
  const events = [voted(lena, 1), voted(ana, 2), edited(ada, 3), voted(lena, 4), edited(ada, 5)];
  expect(voidVotes(events, []).map(({ name, at }) => [name, at])).toEqual([
    [ana.name, 2],
    [lena.name, 4],
  ]);
  expect(voidVotes(events, [voteBy(lena, 'approve')]).map(({ name }) => name)).toEqual([ana.name]);
});

test('without an edit nothing is void', () => {
  expect(voidVotes([voted(lena, 1)], [])).toEqual([]);
});

function eventBy(by: Person, at: number, body: EventBody): SessionEvent {
  return { ...body, at, actor: { kind: 'person', id: by.id, name: by.name } } as SessionEvent;
}
