import type { PresentPerson } from '@/components/request/request-props';
import type { PresenceEntry } from '@/lib/protocol/command/queue-watch';

export function presentPeople(people: PresenceEntry['people']): readonly PresentPerson[] {
  return people.map(({ id, name, typing }) => ({ id, name, doing: typing ? 'answering' : 'looking' }));
}
