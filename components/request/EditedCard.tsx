'use client';

import { type ReactNode, useMemo } from 'react';
import Ban from 'lucide-react/icons/ban';
import Info from 'lucide-react/icons/info';
import Pencil from 'lucide-react/icons/pencil';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { actorName } from '@/lib/domain/actor';
import { changesBetween } from '@/lib/domain/policy/pointer';
import { Diff } from './Diff';
import type { RequestScreenProps } from './request-props';
import { useHistory } from './use-history';
import { type VoidVote, voidVotes } from './void-votes';

/** What people changed of what the agent asked, both values, for everybody who looks (I6). */
export function EditedCard({
  detail,
  desk,
  me,
  clockOffsetMs,
}: Pick<RequestScreenProps, 'detail' | 'desk' | 'me' | 'clockOffsetMs'>): ReactNode {
  const { arguments: asked, edited, request } = detail;
  const now = useNow(clockOffsetMs);
  const changes = useMemo(() => (edited === null ? [] : changesBetween(asked ?? {}, edited)), [asked, edited]);
  const { events } = useHistory(desk, request.revision);
  const last = events?.findLast(({ type }) => type === 'request.edited') ?? null;
  const gone = useMemo(() => voidVotes(events ?? [], request.votes), [events, request.votes]);
  if (edited === null) return null;
  const fields = `${changes.length} ${changes.length === 1 ? 'field' : 'fields'}`;
  return (
    <section className="card a-edited" aria-label="What was edited">
      <div className="card-h">
        <Icon of={Pencil} size="sm" />
        <h2 className="medium">{last === null ? 'Edited' : `Edited by ${actorName(last.actor)}`}</h2>
        <span className="count num">
          {last === null ? '' : `${clockTimeFrom(last.at, now)} · `}
          {changes.length === 0 ? 'back to what the agent asked' : `Changed: ${fields}`}
        </span>
      </div>
      <Diff changes={changes} />
      {gone.length === 0 ? null : <Void gone={gone} meId={me.id} now={now} />}
      <p className="a-edited-foot">
        <Icon of={Info} size="sm" />
        Marked − is what the agent asked, + what {request.state === 'open' ? 'would be' : 'was to be'} sent. Approvals
        from before the edit are void, and the rules ran again.
      </p>
    </section>
  );
}

interface VoidProps {
  readonly gone: readonly VoidVote[];
  readonly meId: string;
  readonly now: number;
}

/** Whose approval was for the arguments as they were. */
function Void({ gone, meId, now }: VoidProps): ReactNode {
  return (
    <ul className="a-votes a-void" aria-label="Approvals that are void">
      {gone.map(({ id, name, at }) => (
        <li key={id}>
          <Avatar name={name} size="sm" named="beside" />
          <s className="grow a-voter num">
            {id === meId ? 'You' : name}, {clockTimeFrom(at, now)}
          </s>
          <span className="a-vote">
            <Icon of={Ban} size="xs" /> void since the edit
          </span>
        </li>
      ))}
    </ul>
  );
}
