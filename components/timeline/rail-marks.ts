import { plainLine } from '@/lib/domain/form/plain-text';
import type { Rail, RailState } from '@/lib/domain/timeline/rail';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { pxOf } from './scale';
import type { DrawnAt } from './lane-marks';

export interface RailMark {
  readonly key: string;
  readonly look: RailState | 'stateless';
  readonly left: number;
  readonly width: number;
}

export interface RailNote {
  readonly key: string;
  readonly left: number;
  readonly room: number;
  readonly text: string;
  readonly tone: 'bad' | 'quiet';
}

const letterPx = 5.8;

/** The rails of one server's head row, and what is said about their gaps. */
export function railMarks(
  rails: readonly Rail[],
  drawn: DrawnAt,
): { readonly marks: readonly RailMark[]; readonly notes: readonly RailNote[] } {
  const marks = rails.flatMap((rail) => marksOf(rail, drawn));
  const notes: RailNote[] = [];
  let taken = 0;
  for (const wanted of rails.flatMap((rail) => notesOf(rail, drawn))) {
    const px = Math.max(0, pxOf(drawn.scale, wanted.at));
    const width = wanted.text.length * letterPx + 34;
    if (px > drawn.scale.width) continue;
    const wish = wanted.side === 'before' ? px - width - 8 : px;
    const left = Math.max(taken, Math.min(wish, drawn.scale.width - width));
    if (left < 0 || left + width > drawn.scale.width + 2) continue;
    notes.push({ key: `${wanted.at}`, left, room: width, text: wanted.text, tone: wanted.tone });
    taken = left + width;
  }
  return { marks, notes };
}

function marksOf(rail: Rail, { scale, endAt }: DrawnAt): readonly RailMark[] {
  return rail.parts.flatMap((part, index): readonly RailMark[] => {
    const left = Math.max(-2, pxOf(scale, part.from));
    const right = Math.min(scale.width + 2, pxOf(scale, part.to ?? rail.to ?? endAt));
    if (right < 0 || left > scale.width) return [];
    const look = rail.era === 'stateless' && part.state === 'ready' ? 'stateless' : part.state;
    return [
      {
        key: `${rail.connectionId}${index}`,
        look,
        left,
        width: Math.max(part.state === 'reattaching' ? 6 : 2, right - left),
      },
    ];
  });
}

interface WantedNote {
  readonly at: number;
  readonly text: string;
  readonly tone: RailNote['tone'];
  /** A rail that ended is spoken of over itself, so that the next one stays in sight. */
  readonly side: 'before' | 'after';
}

function notesOf(rail: Rail, { now, scale }: DrawnAt): readonly WantedNote[] {
  const notes: WantedNote[] = [];
  if (rail.era === 'stateless') {
    notes.push({
      at: scale.from,
      text: 'no connection to hold; questions come back as results',
      tone: 'quiet',
      side: 'after',
    });
  }
  for (const part of rail.parts) {
    if (part.state !== 'reattaching') continue;
    if (part.to === null)
      notes.push({
        at: part.from,
        text: `reattaching for ${spanWords(now - part.from)}${whyOf(part.why)}`,
        tone: 'bad',
        side: 'after',
      });
    else if (rail.end !== 'lost' || part.to !== rail.to)
      notes.push({
        at: part.to,
        text: `reattached after ${spanWords(part.to - part.from)}${whyOf(part.why)}`,
        tone: 'bad',
        side: 'after',
      });
  }
  if (rail.end === 'lost' && rail.to !== null) {
    notes.push({ at: rail.to, text: `lost at ${clockTime(rail.to)}${whyOf(rail.why)}`, tone: 'bad', side: 'before' });
  }
  return notes;
}

const whyMost = 60;

function whyOf(why: string | null): string {
  const line = why === null ? '' : plainLine(why).replace(/\.$/, '');
  if (line === '') return '';
  return `: ${line.length > whyMost ? `${line.slice(0, whyMost)}…` : line}`;
}
