import type { ReactNode, RefObject } from 'react';
import Clock from 'lucide-react/icons/clock';
import { Icon } from '@/components/ui/Icon';
import { clockTime } from '@/lib/domain/timeline/time-words';
import type { Room } from './layout';
import { pxOf, type Scale, ticksOf } from './scale';
import type { Extent } from './view';

const tickRoomPx = { wide: 76, phone: 62 } as const;
/** Between two times, and between a time and the word now. */
const timeRoomPx = 62;
const nowRoomPx = 48;
/** Half a time, so that none is cut at the left. */
const firstPx = 22;

export interface AxisProps {
  readonly scale: Scale;
  readonly extent: Extent;
  readonly room: Room;
  readonly trackRef: RefObject<HTMLDivElement | null>;
}

/** The times along the top, now and the nearest deadline as pins. */
export function Axis({ scale, extent, room, trackRef }: AxisProps): ReactNode {
  const nowPx = pxOf(scale, extent.to);
  const deadlinePx = extent.deadlineAt === null ? null : pxOf(scale, extent.deadlineAt);
  const isWord = extent.live && room === 'phone';
  const pinPx = deadlinePx === null || !extent.live ? null : Math.min(deadlinePx, scale.width);
  // The deadline's pin hangs to the left of its line.
  const free = ticksOf(scale, tickRoomPx[room]).filter(
    ({ px }, index, all) =>
      px > 8 &&
      // The first moves into sight, where the next leaves it room.
      (px >= firstPx || (all[index + 1]?.px ?? scale.width) - firstPx >= timeRoomPx) &&
      px < scale.width - 12 &&
      Math.abs(px - nowPx) > (isWord ? nowRoomPx : timeRoomPx) &&
      (pinPx === null || px < pinPx - 96 || px > pinPx + 40),
  );
  const nowShown = nowPx >= 0 && nowPx <= scale.width;
  return (
    <div className="axis" aria-hidden="true">
      <div className="ln" />
      <div className="tr" ref={trackRef}>
        {free.map((tick) => (
          <span key={tick.at} className="ax" style={{ left: Math.max(tick.px, firstPx) }}>
            {tick.label}
          </span>
        ))}
        {nowShown ? (
          <span className={`nowp ${extent.live ? '' : 'over'}`} style={{ left: nowPx }}>
            {isWord ? 'now' : clockTime(extent.to)}
          </span>
        ) : null}
        {pinPx === null || extent.deadlineAt === null || pinPx < nowPx ? null : (
          <span className="dlp" style={{ left: Math.max(pinPx, nowPx + (room === 'phone' ? 62 : 78)) }}>
            <Icon of={Clock} size="xs" />
            {clockTime(extent.deadlineAt)}
          </span>
        )}
      </div>
    </div>
  );
}

/** Behind and before the lanes: grid lines, the sunken ground right of now, the now-line, the deadline. */
export function Layers({ scale, extent, room }: Omit<AxisProps, 'trackRef'>): ReactNode {
  const nowPx = pxOf(scale, extent.to);
  const deadlinePx = extent.deadlineAt === null ? null : pxOf(scale, extent.deadlineAt);
  return (
    <>
      <div className="under" aria-hidden="true">
        <div className="ln" />
        <div className="tr">
          {ticksOf(scale, tickRoomPx[room]).map((tick) => (
            <i key={tick.at} className="gl" style={{ left: tick.px }} />
          ))}
          {nowPx < scale.width ? <i className="future" style={{ left: Math.max(0, nowPx) }} /> : null}
        </div>
      </div>
      <div className="under over" aria-hidden="true">
        <div className="ln" />
        <div className="tr">
          {nowPx >= 0 && nowPx <= scale.width ? (
            <i className={`nowl ${extent.live ? '' : 'over'}`} style={{ left: nowPx }} />
          ) : null}
          {extent.live && deadlinePx !== null && deadlinePx >= 0 && deadlinePx <= scale.width ? (
            <i className="dl" style={{ left: deadlinePx }} />
          ) : null}
        </div>
      </div>
    </>
  );
}
