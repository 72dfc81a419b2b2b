import type { ReactNode } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import Pencil from 'lucide-react/icons/pencil';
import X from 'lucide-react/icons/x';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { clockTimeFrom } from '@/components/ui/time-words';
import { visibleText } from '@/components/ui/visible-text';
import { denialsOf, type Vote } from '@/lib/domain/policy/approval';
import type { HoldRequest } from '@/lib/domain/request';
import type { PresentPerson } from './request-props';
import { bestProgress, isPlain, needWords, progressOf, termsOf, type ThresholdProgress } from './quorum';

export interface QuorumCardProps {
  readonly request: HoldRequest;
  readonly me: { readonly id: string };
  readonly people: readonly PresentPerson[];
  readonly now: number;
}

/** What the approval needs, how far it is, and who said what. */
export function QuorumCard({ request, me, people, now }: QuorumCardProps): ReactNode {
  const terms = termsOf(request);
  const { votes } = request;
  if (isPlain(terms) && terms.notBy === null) return null;
  const progress = progressOf(terms, votes);
  const best = bestProgress(terms, votes);
  const refuses = terms.denials === 1 ? 'One decline refuses it.' : `${terms.denials} declines refuse it.`;
  const denied = denialsOf(votes);
  return (
    <section className="a-quorum" aria-label="Approvals">
      <div className="row">
        <h2 className="h grow">Needs {needWords(terms)}</h2>
        <span className="num a-count">
          {best.have} of {best.of}
        </span>
      </div>
      {progress.map((one) => (
        <Bar key={one.words} progress={one} named={progress.length > 1} />
      ))}
      <Votes request={request} me={me} people={people} now={now} />
      <p className="hint">
        {refuses}
        {denied > 0 && terms.denials > 1 ? ` ${denied} so far.` : ''}
        {terms.reasonRequired ? ' An approval needs a reason.' : ''}
        {request.edited.length > 0 ? ' Only approvals since the last edit count.' : ''}
      </p>
      {terms.notBy === null ? null : (
        <p className="hint a-not">
          <Icon of={Ban} size="xs" />
          {terms.notBy.id === me.id ? 'You answer' : `${terms.notBy.name} answers`} for this agent, and so may decline
          its calls but not approve them.
        </p>
      )}
    </section>
  );
}

/** One piece for each person that is needed. The words beside it say the same. */
function Bar({ progress, named }: { readonly progress: ThresholdProgress; readonly named: boolean }): ReactNode {
  const pieces = Array.from({ length: Math.min(progress.of, 20) }, (_, index) => index);
  return (
    <div className="a-bar">
      <div className="a-pieces" aria-hidden="true">
        {pieces.map((index) => (
          <i key={index} className={index < progress.have ? 'on' : ''} />
        ))}
      </div>
      {named ? (
        <span className="meta num">
          {progress.words}: {progress.have} of {progress.of}
        </span>
      ) : null}
    </div>
  );
}

interface VoteRowProps {
  readonly vote: Vote;
  readonly mine: boolean;
  readonly now: number;
}

function VoteRow({ vote, mine, now }: VoteRowProps): ReactNode {
  const yes = vote.vote === 'approve';
  return (
    <li>
      <Avatar name={vote.by.name} size="sm" named="beside" />
      <span className="grow a-voter">
        {mine ? 'You' : vote.by.name}
        {vote.reason === null || vote.reason === '' ? null : <small>“{visibleText(vote.reason)}”</small>}
      </span>
      <span className={`a-vote num ${yes ? 'ok' : 'danger'}`}>
        <Icon of={yes ? Check : X} size="xs" /> {yes ? 'approved' : 'declined'} {clockTimeFrom(vote.at, now)}
      </span>
    </li>
  );
}

function Votes({ request: { state, votes }, me, people, now }: QuorumCardProps): ReactNode {
  const open = state === 'open';
  const mine = votes.some(({ by }) => by.id === me.id);
  const voters = new Set<string>(votes.map(({ by }) => by.id));
  return (
    <ul className="a-votes">
      {votes.map((vote) => (
        <VoteRow key={vote.by.id} vote={vote} mine={vote.by.id === me.id} now={now} />
      ))}
      {open
        ? people
            .filter(({ id, doing }) => doing === 'answering' && !voters.has(id))
            .map((person) => (
              <li key={person.id}>
                <Avatar name={person.name} size="sm" doing="answering" named="beside" />
                <span className="grow cut">{person.name}</span>
                <span className="a-vote person">
                  <Icon of={Pencil} size="xs" /> answering
                </span>
              </li>
            ))
        : null}
      {open && !mine ? (
        <li>
          <span className="av sm a-me" aria-hidden="true" />
          <span className="grow">You</span>
          <span className="t3">not yet</span>
        </li>
      ) : null}
    </ul>
  );
}
