import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import { SessionPauseTag } from '@/components/pause/SessionPauseTag';
import { Status } from '@/components/ui/Status';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { SessionId } from '@/lib/domain/ids';
import type { Pause } from '@/lib/domain/pause';
import type { SessionSummary } from '@/lib/domain/summary';
import { ageWords } from '@/lib/domain/timeline/time-words';
import { rowSince, type SessionMood, verdictWords } from '@/lib/domain/timeline/verdict-words';
import { amount } from '@/lib/domain/timeline/phrases';
import { moodLooks } from './moods';

/** One session of the list; the whole row is its link. */
export const SessionRow = memo(function SessionRow({
  summary,
  now,
  pauses,
  pick = 'no',
  onPick = null,
}: {
  readonly summary: SessionSummary;
  readonly now: number;
  /** Of its agent and its servers. */
  readonly pauses: readonly Pause[];
  /** Whether it is chosen to be ended, or cannot be. */
  readonly pick?: 'picked' | 'left' | 'no';
  readonly onPick?: ((ids: readonly SessionId[], to: 'picked' | 'left') => void) | null;
}): ReactNode {
  const { session, servers, openCalls, totalCalls } = summary;
  const words = verdictWords(summary, now);
  const look = moodLooks[words.mood];
  const endedAt = session.state === 'ended' ? session.endedAt : now;
  return (
    <tr className={session.state === 'ended' ? 'over' : ''} aria-selected={pick === 'picked' ? true : undefined}>
      <td className="c-a">
        {pick === 'no' || onPick === null ? null : (
          <input
            type="checkbox"
            className="ss-pick"
            aria-label={`Select ${session.sessionId} of ${session.agent.name}`}
            checked={pick === 'picked'}
            onChange={() => onPick([session.sessionId], pick === 'picked' ? 'left' : 'picked')}
          />
        )}
        <Link className="ag" href={`/sessions/${session.sessionId}`}>
          <span className="cut">{session.agent.name}</span>
        </Link>
        <span className="mono t3 id cut">{session.sessionId}</span>
      </td>
      <td className="c-v">
        <Status icon={look.icon} tone={look.tone}>
          {words.short}
        </Status>
        <span className="meta num since">{rowSince(summary, now)}</span>
      </td>
      <td className="c-p">
        <Bar summary={summary} mood={words.mood} about={words.about} pauses={pauses} />
      </td>
      <td className="c-s">
        {servers[0] === undefined ? <span className="t3">–</span> : <span className="tag">{servers[0]}</span>}
        {servers.length > 1 ? (
          <span className="meta more" title={servers.slice(1).join(', ')}>
            +{servers.length - 1}
          </span>
        ) : null}
      </td>
      <td className="r num t2 c-c">
        {openCalls} of {totalCalls}
      </td>
      <td className="r num t2 c-l">{ageWords(endedAt - session.startedAt)}</td>
    </tr>
  );
});

const barTone: { readonly [M in SessionMood]: string } = {
  person: 'person',
  stalled: 'danger',
  slow: '',
  busy: '',
  model: 'model',
  nobody: 'off',
  ending: 'danger',
  ended: 'off',
};

function Bar({
  summary,
  mood,
  about,
  pauses,
}: {
  readonly pauses: readonly Pause[];
  readonly summary: SessionSummary;
  readonly mood: SessionMood;
  readonly about: string | null;
}): ReactNode {
  // What a server reports is the news only while a server is waited for.
  const progress = mood === 'person' || mood === 'ended' || mood === 'ending' ? null : summary.progress;
  const total = progress?.total ?? null;
  const share =
    progress === null || total === null || total <= 0 ? null : Math.min(1, Math.max(0, progress.progress / total));
  const said = progress === null ? about : (progress.message ?? progress.tool);
  const count =
    progress === null
      ? ''
      : total === null
        ? `${amount(progress.progress)}, no total`
        : `${amount(progress.progress)} of ${amount(total)}`;
  return (
    <>
      <div className="row c-said">
        <span className="cut grow">{said === null ? '' : plainLine(said)}</span>
        {mood === 'ended' ? null : <SessionPauseTag pauses={pauses} />}
        <span className="meta num noshrink">{count}</span>
      </div>
      {mood === 'ended' ? null : (
        <div className={`prog ${barTone[mood]} ${share === null ? 'none' : ''}`} aria-hidden="true">
          {share === null ? null : <i style={{ width: `${Math.round(share * 100)}%` }} />}
        </div>
      )}
    </>
  );
}
