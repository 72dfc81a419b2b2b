import { type KeyboardEvent, memo, type ReactNode } from 'react';
import CornerUpLeft from 'lucide-react/icons/corner-up-left';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import Unplug from 'lucide-react/icons/unplug';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import type { LaneId } from '@/lib/domain/timeline';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { toneClass } from './icons';
import { type Block, type DrawnAt, type GapMark, isTall, type LaneMarks, marksOf } from './lane-marks';
import type { Pointed } from './pointing';
import { curveHeight } from './progress-marks';
import { laneFacts, laneLook } from './lane-words';
import { pxOf } from './scale';

export interface LaneRowProps {
  readonly lane: Lane;
  readonly drawn: DrawnAt;
  readonly selected: 'selected' | 'plain';
  /** The instant of the selected event, when it lies on this lane. */
  readonly markedAt: number | null;
  /** The instant of the event that is pointed at. */
  readonly cursorAt: number | null;
  /** One lane of the timeline takes Tab; the arrow keys move between them. */
  readonly tabIndex: 0 | -1;
  readonly onSelect: (id: LaneId) => void;
  readonly onPoint: (pointed: Pointed | null) => void;
  readonly onKey: (event: KeyboardEvent<HTMLButtonElement>, id: LaneId) => void;
}

/** One call: its name and state, and everything it did as marks. */
export const LaneRow = memo(function LaneRow(props: LaneRowProps): ReactNode {
  const { lane, drawn, selected, markedAt, cursorAt, tabIndex, onSelect, onPoint, onKey } = props;
  const look = laneLook(lane, drawn.now);
  const waits = lane.to === null && lane.segments.some((segment) => segment.to === null && segment.kind === 'people');
  const classes = ['lane', isTall(lane) ? 'tall' : '', selected === 'selected' ? 'sel' : '', waits ? 'waits' : ''];
  return (
    <div className={classes.filter((name) => name !== '').join(' ')} data-row={lane.id}>
      <div className="ln">
        <button
          type="button"
          className="lane-name mono"
          title={lane.tool}
          data-lane={lane.id}
          tabIndex={tabIndex}
          aria-pressed={selected === 'selected'}
          aria-label={`${lane.tool}, ${look.words}, ${laneFacts(lane, drawn.now).join(', ')}`}
          onClick={() => onSelect(lane.id)}
          onFocus={() => onPoint({ laneId: lane.id, seq: null, by: 'keys' })}
          onBlur={() => onPoint(null)}
          onKeyDown={(event) => onKey(event, lane.id)}
        >
          {lane.tool}
        </button>
        <span className={`st ${toneClass(look.tone)}`}>
          <Icon of={look.icon} size="xs" />
          {look.words}
        </span>
      </div>
      <div className="tr" aria-hidden="true">
        <Marks marks={marksOf(lane, drawn)} lane={lane} now={drawn.now} />
        {cursorAt === null ? null : <i className="marked cursor" style={{ left: pxOf(drawn.scale, cursorAt) }} />}
        {markedAt === null ? null : <i className="marked" style={{ left: pxOf(drawn.scale, markedAt) }} />}
      </div>
    </div>
  );
});

function Marks({
  marks,
  lane,
  now,
}: {
  readonly marks: LaneMarks;
  readonly lane: Lane;
  readonly now: number;
}): ReactNode {
  return (
    <>
      {marks.gaps.map((gap) => (
        <GapLink key={gap.seq} gap={gap} />
      ))}
      {marks.blocks.map((block) => (
        <BlockMark key={block.key} block={block} />
      ))}
      {marks.curve === null ? null : <Curve curve={marks.curve} />}
      <Strokes look="tk" height={tickHeight} at={marks.ticks} />
      <Strokes look="lg-quiet" height={quietLogHeight} at={marks.logs.filter(({ look }) => look === 'quiet')} />
      {marks.stages.map((stage) => (
        <span key={stage.seq} className="sg cut" style={{ left: stage.left, maxWidth: stage.room }}>
          <b>{stage.count}</b> {stage.text}
        </span>
      ))}
      {marks.logs.map((log) =>
        log.look === 'quiet' ? null : <i key={log.seq} className={`lg ${log.look}`} style={{ left: log.left }} />,
      )}
      {marks.gaps.map((gap) => (
        <GapEnds key={gap.seq} gap={gap} />
      ))}
      {marks.rest === null ? null : <Rest rest={marks.rest} />}
      {marks.outcome === null ? null : <Outcome lane={lane} left={marks.outcome} now={now} />}
      {marks.label === null ? null : (
        <span
          className={`dur cut ${marks.label.side === 'left' ? 'flip' : ''} ${marks.label.tone === 'bad' ? 'bad' : ''}`}
          style={
            marks.label.side === 'left'
              ? { right: marks.label.offset, maxWidth: marks.label.room }
              : { left: marks.label.offset, maxWidth: marks.label.room }
          }
        >
          {marks.label.text}
        </span>
      )}
    </>
  );
}

/** Upright strokes as one shape: hundreds of them move with every frame of data. */
function Strokes({
  look,
  height,
  at,
}: {
  readonly look: string;
  readonly height: number;
  readonly at: readonly { readonly left: number }[];
}): ReactNode {
  if (at.length === 0) return null;
  const path = at.map(({ left }) => `M${left.toFixed(1)} 1v${height - 2}`).join('');
  return (
    <svg className={look} width="100%" height={height}>
      <path d={path} />
    </svg>
  );
}

const tickHeight = 10;
const quietLogHeight = 5;

/** How far it came by when: from the line's foot to its head. */
function Curve({ curve }: { readonly curve: NonNullable<LaneMarks['curve']> }): ReactNode {
  return (
    <svg className="curve" width={curve.width} height={curveHeight} style={{ left: curve.left }}>
      <polyline points={curve.points} />
    </svg>
  );
}

const blockClass = { held: 'h', people: 'p', work: 'w', model: 'm' } as const;

function BlockMark({ block }: { readonly block: Block }): ReactNode {
  const style = { left: block.left, width: block.width };
  const open = block.end === 'open' ? 'open' : '';
  if (block.kind !== 'people') {
    return (
      <i className={`${blockClass[block.kind]} ${open}`} style={style}>
        {block.quiet === null ? null : (
          <span className={`fade ${block.quiet.pace}`} style={{ left: block.quiet.from }} />
        )}
      </i>
    );
  }
  const bare = block.person === null && block.label === null;
  return (
    <i className={`p ${open} ${block.width < 20 ? 'tiny' : ''}`} style={style}>
      {bare ? null : (
        <span className={block.label === null ? 'who' : ''} style={{ marginLeft: block.hidden + 2 }}>
          {block.person === null ? null : <Avatar name={block.person.name} size="sm" named="beside" />}
          {block.label}
        </span>
      )}
    </i>
  );
}

/** The dashes from where one run was cut off to where the next begins. */
function GapLink({ gap }: { readonly gap: GapMark }): ReactNode {
  return gap.link === null ? null : <i className="gap" style={gap.link} />;
}

function GapEnds({ gap }: { readonly gap: GapMark }): ReactNode {
  return (
    <>
      {gap.cut === null ? null : (
        <i className="e broken" style={{ left: gap.cut }}>
          <Icon of={gap.next === 'urls' ? CornerUpLeft : Unplug} size="xs" />
        </i>
      )}
      {gap.again === null ? null : (
        <i className="e again" style={{ left: gap.again }}>
          <Icon of={RotateCcw} size="xs" />
        </i>
      )}
    </>
  );
}

function Rest({ rest }: { readonly rest: NonNullable<LaneMarks['rest']> }): ReactNode {
  return (
    <>
      <i className={`rest ${rest.deadline === null ? 'past' : ''}`} style={{ left: rest.left, width: rest.width }} />
      {rest.text === null ? null : (
        <span className="restl" style={{ left: rest.left }}>
          {rest.text}
        </span>
      )}
    </>
  );
}

function Outcome({ lane, left, now }: { readonly lane: Lane; readonly left: number; readonly now: number }): ReactNode {
  const look = laneLook(lane, now);
  return (
    <i className={`e ${lane.outcome?.isError === true ? 'failed' : lane.state}`} style={{ left }}>
      {lane.state === 'cancelled' ? null : <Icon of={look.icon} size="xs" />}
    </i>
  );
}
