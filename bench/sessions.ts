import { chromiumNeed } from '@/scripts/support/chromium.mjs';
import { against, alone, type Figure } from './figures';
import type { RunOrder } from './run-order';
import { type IngestSide, measureSessionSides, type RecordedSide } from './session-side';
import { median, percentile } from './statistics';

/** What a session costs who looks at it, by how long it is, and while events come in. */
export async function measureSessions(order: RunOrder): Promise<readonly Figure[]> {
  const { recorded, browser } = await measureSessionSides(order);
  const counts = recorded.map((events, index) => alone(`session_events.${index + 1}`, 'events', events));
  if (browser === null) {
    order.print(`not measured in a browser: ${chromiumNeed}`);
    return counts;
  }
  tellLongTasks(order, browser.ingest);
  return [
    ...counts,
    ...browser.sides.flatMap((side, at) => sideFigures(side, at === 0 ? undefined : browser.sides[at - 1])),
    ...ingestFigures(browser.ingest),
  ];
}

/** Each is compared with the next shorter one. */
function sideFigures(side: RecordedSide, shorter: RecordedSide | undefined): readonly Figure[] {
  const compare = (figure: string, unit: Figure['unit'], of: (side: RecordedSide) => number): Figure => {
    const name = `${figure}.${side.events}`;
    return shorter === undefined
      ? alone(name, unit, of(side))
      : against(name, unit, { value: of(side), baseline: of(shorter) });
  };
  const frames = (figure: string, of: (side: RecordedSide) => readonly number[]): readonly Figure[] => [
    compare(`${figure}_p50_ms`, 'ms', (each) => percentile(of(each), 0.5)),
    compare(`${figure}_p98_ms`, 'ms', (each) => percentile(of(each), 0.98)),
    compare(`${figure}_longest_ms`, 'ms', (each) => Math.max(...of(each))),
  ];
  return [
    compare('session_useful_ms', 'ms', ({ openings }) => median(openings.map(({ usefulMs }) => usefulMs))),
    compare('session_whole_ms', 'ms', ({ openings }) => median(openings.map(({ wholeMs }) => wholeMs))),
    ...frames('session_list_frame', ({ listFrames }) => listFrames),
    ...frames('session_lane_frame', ({ laneFrames }) => laneFrames),
    ...frames('session_zoom_frame', ({ zoomFrames }) => zoomFrames),
    compare('session_heap_mib', 'MiB', ({ memory }) => memory.heapMib),
    compare('session_nodes', 'nodes', ({ memory }) => memory.nodes),
    compare('session_raw_messages', 'messages', ({ raw }) => raw.messages),
    compare('session_raw_open_ms', 'ms', ({ raw }) => raw.openMs),
    ...frames('session_raw_frame', ({ raw }) => raw.frames),
  ];
}

function ingestFigures({ perSecond, pushesPerSecond, delays, tasks, raw, memory }: IngestSide): readonly Figure[] {
  return [
    alone('ingest_events_per_second', '1/s', perSecond),
    alone('ingest_pushes_per_second', '1/s', pushesPerSecond),
    alone('ingest_input_delay_p50_ms', 'ms', percentile(delays, 0.5)),
    alone('ingest_input_delay_p98_ms', 'ms', percentile(delays, 0.98)),
    // The browser tells of tasks over 50 ms only: 0 when there was none.
    alone('ingest_longest_task_ms', 'ms', Math.max(0, ...tasks.map(({ ms }) => ms))),
    alone('ingest_tasks_over_50_ms', 'tasks', tasks.length),
    alone('ingest_raw_input_delay_p98_ms', 'ms', percentile(raw.delays, 0.98)),
    alone('ingest_raw_longest_task_ms', 'ms', Math.max(0, ...raw.tasks.map(({ ms }) => ms))),
    alone('ingest_heap_mib', 'MiB', memory.heapMib),
  ];
}

function tellLongTasks({ print }: RunOrder, { tasks }: IngestSide): void {
  const most = 5;
  for (const { ms, where } of [...tasks].sort((a, b) => b.ms - a.ms).slice(0, most))
    print(`  a task of ${Math.round(ms)} ms: ${where}`);
}
