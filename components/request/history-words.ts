import { type Actor, actorName } from '@/lib/domain/actor';
import type { SessionEvent } from '@/lib/domain/event';
import { plainLine } from '@/lib/domain/form/plain-text';
import { placeWords } from './diff-lines';
import { usageWords } from './usage-words';

export interface HistoryLine {
  readonly words: string;
  /** A reason or the like, in its writer's words. */
  readonly more: string | null;
  readonly tone: 'plain' | 'ok' | 'bad' | 'person';
}

const line = (words: string, more: string | null = null, tone: HistoryLine['tone'] = 'plain'): HistoryLine => ({
  words,
  more: more === null || more === '' ? null : plainLine(more),
  tone,
});

const answered = { accept: 'accepted', decline: 'declined', cancel: 'dismissed it without an answer' } as const;

/** One event of a request in words; null for what says nothing of it. */
export function historyLine(event: SessionEvent, meId: string): HistoryLine | null {
  const who = whoOf(event.actor, meId);
  switch (event.type) {
    case 'request.opened':
      return line(
        event.team === null ? 'Opened, for everyone who may answer' : `Opened, for ${event.team.name}`,
        event.alsoTeams.length === 0 ? null : `Also asked: ${event.alsoTeams.map(({ name }) => name).join(', ')}.`,
      );
    case 'request.claimed':
      return line(`${who} claimed it`, null, 'person');
    case 'request.released':
      return line(event.actor.kind === 'holdpoint' ? 'The claim was released' : `${who} released the claim`);
    case 'request.voted':
      return line(
        `${who} ${event.vote === 'approve' ? 'approved' : 'declined'}; more people are needed`,
        event.reason,
        event.vote === 'approve' ? 'ok' : 'bad',
      );
    case 'request.edited':
      return line(
        `${who} edited the arguments, so earlier approvals are void`,
        event.changed.length === 0
          ? 'Back to what the agent asked.'
          : `Changed: ${event.changed.map(placeWords).join(', ')}.`,
        'person',
      );
    case 'request.assigned':
      return line(assignedWords(event.to, event.actor, meId), null, 'person');
    case 'request.escalated':
      return line(`${event.team.name} was asked, too`, event.why, 'person');
    case 'request.noted':
      return line(`${who} wrote a note`);
    case 'request.drafted':
      return line(`${event.usage.model} wrote a draft for ${who === 'You' ? 'you' : who}`, usageWords(event.usage));
    case 'request.to_person':
      return line('The model did not answer: a person does', event.why, 'person');
    default:
      return endLine(event, who);
  }
}

function endLine(event: SessionEvent, who: string): HistoryLine | null {
  switch (event.type) {
    case 'request.answered':
      return line(
        event.as === null || event.action === 'cancel'
          ? `${who} ${answered[event.action]}`
          : `${who} ${event.action === 'accept' ? 'approved' : 'declined'}, which decided it`,
        event.reason,
        event.action === 'accept' ? 'ok' : 'bad',
      );
    case 'request.expired':
      return line('No one answered in time', null, 'bad');
    case 'request.withdrawn':
      return line('It was no longer needed', event.why);
    case 'answer.sent':
      return line(event.to === 'agent' ? 'The agent was told' : 'Sent to the server');
    case 'answer.accepted':
      return line('The server took it', null, 'ok');
    case 'answer.moved_on':
      return line('The tool moved on', null, 'ok');
    case 'answer.undelivered':
      return line('It did not arrive', event.why, 'bad');
    default:
      return null;
  }
}

function whoOf(actor: Actor, meId: string): string {
  return actor.kind === 'person' && actor.id === meId ? 'You' : actorName(actor);
}

function assignedWords(to: { readonly id: string; readonly name: string } | null, by: Actor, meId: string): string {
  const who = whoOf(by, meId);
  if (to === null) return `${who} gave it back to everyone who may answer`;
  const whom = to.id === meId ? 'you' : to.name;
  const self = by.kind === 'person' && by.id === to.id;
  if (by.kind === 'holdpoint') return `It was assigned to ${whom}`;
  return self ? `${who} took it over` : `${who} handed it to ${whom}`;
}
