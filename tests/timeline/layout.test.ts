import { describe, expect, it } from 'vitest';
import { Layout } from '@/components/timeline/layout';
import { eventOfKey } from '@/components/timeline/pointing';
import type { CallId } from '@/lib/domain/ids';
import { foldTimeline } from '@/lib/domain/timeline';
import { completed, log, progress, received, sent, started, type Step } from './events';
import { folded } from './plain';

const count = 700;
const steps: Step[] = [[0, started]];
const idOf = (index: number): CallId => `call_${String(index).padStart(12, '0')}` as CallId;
for (let index = 0; index < count; index += 1) {
  steps.push([index * 10, received(idOf(index), `server${index % 3}`)], [index * 10 + 1, sent(idOf(index))]);
  if (index % 5 === 0) steps.push([index * 10 + 2, progress(idOf(index), 1)]);
}
const timeline = folded(steps);

describe('where lanes stand', () => {
  const layout = new Layout(timeline, 'wide');

  it('every row once, under its server, each where the one above it ends', () => {
    expect(layout.count).toBe(count + 3);
    let top = 0;
    const seen: string[] = [];
    for (let index = 0; index < layout.count; index += 1) {
      const row = layout.row(index);
      if (row === undefined) throw new Error(`There is no row ${index}.`);
      expect(layout.topOf(index)).toBe(top);
      expect(layout.rowAt(top)).toBe(index);
      expect(layout.placeOf(row.key, row.kind === 'lane' ? row.lane.seq : null)).toBe(index);
      top += row.kind === 'head' ? 26 : row.lane.stages.length > 0 ? 44 : 28;
      seen.push(row.key);
    }
    expect(layout.totalPx).toBe(top);
    expect(new Set(seen).size).toBe(count + 3);
    expect(layout.row(layout.count)).toBeUndefined();
  });

  it('the next lane is found past heads and drawn rows, and there is none past the ends', () => {
    const lane = timeline.lanes.get(idOf(699 - (699 % 3)));
    const last = layout.row(layout.placeOf('server server1', null) ?? 0);
    expect(last?.kind).toBe('head');
    const before = layout.row((layout.placeOf('server server1', null) ?? 0) - 1);
    if (before?.kind !== 'lane' || lane === undefined) throw new Error('A lane stands before the second server.');
    expect(layout.laneBeside(before.lane.id, before.lane.seq, 1)?.server).toBe('server1');
    expect(layout.laneBeside(idOf(0), timeline.lanes.get(idOf(0))?.seq ?? 0, -1)).toBeNull();
    expect(layout.laneBeside('call_none' as CallId, 5, 1)).toBeNull();
  });

  it('keys go through the events of a lane and stop at its ends', () => {
    const laneId = idOf(0);
    const on = (key: string, seq: number | null): string | undefined =>
      eventOfKey(timeline, { laneId, seq, by: 'keys' }, key)?.type;
    const [first, second, third] = [2, 3, 4];
    expect(on('ArrowRight', null)).toBe('call.received');
    expect(on('ArrowRight', first)).toBe('call.sent');
    expect(on('ArrowRight', third)).toBe('call.progress');
    expect(on('ArrowLeft', second)).toBe('call.received');
    expect(on('End', null)).toBe('call.progress');
    expect(on('x', second)).toBeUndefined();
  });

  it('a call that ends moves no other row', () => {
    const events = log([...steps, [99_999, completed(idOf(3))]]);
    const after = new Layout(foldTimeline(timeline, events.slice(-1)), 'wide');
    expect(after.totalPx).toBe(layout.totalPx);
    expect(after.topOf(300)).toBe(layout.topOf(300));
  });
});
