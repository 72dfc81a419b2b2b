import type { Line as ScreenLine } from '@/components/session/SessionScreen';
import type { Line } from '../state/line';

/** The line as session screens tell it, by the server's clock, which is the one they count with. */
export function screenLine(line: Line, clockOffsetMs: number): ScreenLine {
  if (line.state !== 'offline' && line.state !== 'refused') return { is: 'online' };
  return { is: 'offline', sinceAt: line.sinceAt + clockOffsetMs };
}
