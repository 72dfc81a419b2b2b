import { memo, type ReactNode } from 'react';
import Server from 'lucide-react/icons/server';
import Unplug from 'lucide-react/icons/unplug';
import { Icon } from '@/components/ui/Icon';
import type { ServerGroup } from '@/lib/domain/timeline';
import type { DrawnAt } from './lane-marks';
import { plainLine } from '@/lib/domain/form/plain-text';
import { type Rail, reattachingSince } from '@/lib/domain/timeline/rail';
import { railMarks } from './rail-marks';

const railClass = { opening: 'rail opening', ready: 'rail', reattaching: 'rail re', stateless: 'rail none' } as const;

/** A server: its name, and its connections as thin rails. */
export const HeadRow = memo(function HeadRow({
  group,
  drawn,
}: {
  readonly group: ServerGroup;
  readonly drawn: DrawnAt;
}): ReactNode {
  const { marks, notes } = railMarks(group.rails, drawn);
  const last = group.rails[group.rails.length - 1];
  const about = last === undefined ? 'not connected' : last.transport === 'stdio' ? 'stdio' : last.era;
  const trouble = last === undefined ? null : troubleOf(last);
  return (
    <div className="grp">
      <div className="ln">
        <span className="row">
          <Icon of={Server} size="xs" />
          <b className="cut">{group.server}</b>
        </span>
        {trouble === null ? (
          <span className="meta">{about}</span>
        ) : (
          <span className="st danger" title={plainLine(trouble.why)}>
            <Icon of={Unplug} size="xs" />
            {trouble.words}
          </span>
        )}
      </div>
      <div className="tr">
        {marks.map((mark) => (
          <i key={mark.key} className={railClass[mark.look]} style={{ left: mark.left, width: mark.width }} />
        ))}
        {notes.map((note) => (
          <span
            key={note.key}
            className={`lostm ${note.tone === 'quiet' ? 'quiet' : ''}`}
            style={{ left: note.left, maxWidth: note.room }}
          >
            {note.tone === 'quiet' ? null : <Icon of={Unplug} size="xs" />}
            <span className="cut">{note.text}</span>
          </span>
        ))}
      </div>
    </div>
  );
});

/** What is wrong with the newest connection. */
function troubleOf(rail: Rail): { readonly words: 'reattaching' | 'lost'; readonly why: string } | null {
  if (rail.end === 'lost') return { words: 'lost', why: rail.why ?? '' };
  const since = reattachingSince(rail);
  return since === null ? null : { words: 'reattaching', why: since.why };
}
