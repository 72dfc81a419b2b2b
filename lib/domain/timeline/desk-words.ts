import { actorName } from '../actor';
import type { EventOf } from '../event';
import { plainLine } from '../form/plain-text';
import type { ModelUsage } from '../model-usage';
import type { EventWords } from './words';

export type DeskEvent = EventOf<
  | 'request.voted'
  | 'request.edited'
  | 'request.assigned'
  | 'request.escalated'
  | 'request.noted'
  | 'request.drafted'
  | 'request.to_person'
>;

/** What people do about a request while it waits. */
export function deskWords(event: DeskEvent): EventWords {
  const group = 'people';
  const who = plainLine(actorName(event.actor));
  switch (event.type) {
    case 'request.voted': {
      const verb = event.vote === 'approve' ? 'Approved' : 'Declined';
      const reason = event.reason === null ? '' : `, “${plainLine(event.reason)}”`;
      return { words: `${verb} by ${who}, others are needed too${reason}`, icon: 'hand', tone: 'person', group };
    }
    case 'request.edited': {
      const { changed } = event;
      if (event.actor.kind === 'holdpoint')
        return { words: 'The rules changed: approvals so far are void', icon: 'form', tone: 'person', group };
      const what = changed.length === 1 ? '1 value' : `${changed.length} values`;
      const words =
        changed.length === 0
          ? `${who} put the arguments back as the agent asked; approvals so far are void`
          : `${who} edited the arguments (${what}); approvals so far are void`;
      return { words, icon: 'form', tone: 'person', group };
    }
    case 'request.assigned': {
      const words =
        event.to === null ? `${who} handed it back to everyone` : `${who} handed it to ${plainLine(event.to.name)}`;
      return { words, icon: 'hand', tone: 'quiet', group };
    }
    case 'request.escalated':
      return {
        words: `${plainLine(event.team.name)} is asked too: ${plainLine(event.why)}`,
        icon: 'clock',
        tone: 'person',
        group,
      };
    case 'request.noted':
      return { words: `${who} wrote a note`, icon: 'inbox', tone: 'quiet', group };
    case 'request.drafted':
      return {
        words: `${plainLine(event.usage.model)} wrote a draft for ${who}${usageWords(event.usage)}`,
        icon: 'spark',
        tone: 'model',
        group,
      };
    case 'request.to_person':
      return {
        words: `The model did not answer, so a person does: ${plainLine(event.why)}`,
        icon: 'spark',
        tone: 'model',
        group,
      };
  }
}

/** What a model's words cost: " (412 tokens in, 96 out, $0.0040)". Empty when nothing is known. */
export function usageWords({ inputTokens, outputTokens, costUsd }: ModelUsage): string {
  const parts = [
    inputTokens === null ? null : `${inputTokens} tokens in`,
    outputTokens === null ? null : `${outputTokens} out`,
    costUsd === null ? null : `$${costUsd.toFixed(4)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
