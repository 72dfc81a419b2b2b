import { chromiumNeed } from '@/scripts/support/chromium.mjs';
import { against, alone, type Figure } from './figures';
import type { LongTask } from './queue-probe';
import { timedCommands } from './queue-commands';
import { type BrowserSide, measureSide, type QueueSide } from './queue-side';
import type { RunOrder } from './run-order';
import { median, percentile } from './statistics';

const longMs = 100;

/** What a long queue costs who works on it, in a browser and over a socket, against a short one of the same run. */
export async function measureQueue(order: RunOrder): Promise<readonly Figure[]> {
  const { few, many } = order.amount.queue;
  const short = await measureSide(halved(order), few);
  order.print(`measured: queue, ${few} open requests`);
  const long = await measureSide(order, many);
  order.print(`measured: queue, ${many} open requests`);
  if (long.browser === null || short.browser === null) order.print(`not measured in a browser: ${chromiumNeed}`);
  else tellLongTasks(order, long.browser);
  return [
    alone('queue_open', 'requests', long.open),
    alone('queue_open_before', 'requests', short.open),
    ...serverFigures(short, long),
    ...(short.browser === null || long.browser === null ? [] : browserFigures(short.browser, long.browser)),
  ];
}

/** What is compared with needs fewer values. */
function halved(order: RunOrder): RunOrder {
  const { queue } = order.amount;
  const half = (whole: number): number => Math.ceil(whole / 2);
  const { presses, wholePresses, arrivingMs } = queue;
  const less = { presses: half(presses), wholePresses: half(wholePresses), arrivingMs: half(arrivingMs) };
  return { ...order, amount: { ...order.amount, queue: { ...queue, ...less } } };
}

function serverFigures(short: QueueSide, long: QueueSide): readonly Figure[] {
  const pair = (of: (side: QueueSide) => number): { readonly value: number; readonly baseline: number } => ({
    value: of(long),
    baseline: of(short),
  });
  return [
    against(
      'queue_port_open_ms',
      'ms',
      pair(({ portOpenMs }) => portOpenMs),
    ),
    against(
      'queue_server_rss_mib',
      'MiB',
      pair(({ rssMib }) => rssMib),
    ),
    ...timedCommands.flatMap((command) => [
      against(
        `${command}_p50_ms`,
        'ms',
        pair(({ commands }) => commands[command].p50Ms),
      ),
      against(
        `${command}_p98_ms`,
        'ms',
        pair(({ commands }) => commands[command].p98Ms),
      ),
    ]),
  ];
}

function browserFigures(short: BrowserSide, long: BrowserSide): readonly Figure[] {
  const compare = (figure: string, unit: Figure['unit'], of: (side: BrowserSide) => number): Figure =>
    against(figure, unit, { value: of(long), baseline: of(short) });
  const press = (name: string, of: (side: BrowserSide) => readonly { readonly shownMs: number }[]): readonly Figure[] =>
    ([0.5, 0.98] as const).map((share) =>
      compare(`${name}_p${share * 100}_ms`, 'ms', (side) =>
        percentile(
          of(side).map(({ shownMs }) => shownMs),
          share,
        ),
      ),
    );
  const frames = (name: string, of: (side: BrowserSide) => readonly number[]): readonly Figure[] => [
    ...([0.5, 0.98] as const).map((share) =>
      compare(`${name}_p${share * 100}_ms`, 'ms', (side) => percentile(of(side), share)),
    ),
    compare(`${name}_longest_ms`, 'ms', (side) => Math.max(...of(side))),
  ];
  return [
    compare('page_first_rows_ms', 'ms', ({ openings }) => median(openings.map(({ firstRowsMs }) => firstRowsMs))),
    compare('page_interactive_ms', 'ms', ({ openings }) => median(openings.map(({ interactiveMs }) => interactiveMs))),
    ...press('key', ({ presses }) => presses),
    ...frames('scroll_frame', (side) => side.frames),
    alone('page_read_whole_ms', 'ms', long.readWholeMs),
    compare('page_rows', 'requests', ({ rows }) => rows),
    ...press('whole_key', ({ wholePresses }) => wholePresses),
    ...frames('whole_scroll_frame', (side) => side.wholeFrames),
    compare('arrivals_per_second', '1/s', ({ arriving }) => arriving.perSecond),
    compare('arrived', 'requests', ({ arriving }) => arriving.arrived),
    ...press('arriving_key', ({ arriving }) => arriving.presses),
    ...taskFigures('arriving', long.arriving.tasks),
    ...taskFigures('left_alone', long.arriving.leftAloneTasks),
    ...taskFigures('arriving_before', short.arriving.tasks),
    ...taskFigures('left_alone_before', short.arriving.leftAloneTasks),
    compare('page_heap_mib', 'MiB', ({ memory }) => memory.heapMib),
    compare('page_nodes', 'nodes', ({ memory }) => memory.nodes),
  ];
}

/** The browser tells of tasks over 50 ms only: 0 when there was none. */
function taskFigures(name: string, tasks: readonly LongTask[]): readonly Figure[] {
  return [
    alone(`${name}_longest_task_ms`, 'ms', Math.max(0, ...tasks.map(({ ms }) => ms))),
    alone(`${name}_tasks_over_50_ms`, 'tasks', tasks.length),
    alone(`${name}_tasks_over_100_ms`, 'tasks', tasks.filter(({ ms }) => ms > longMs).length),
  ];
}

function tellLongTasks({ print }: RunOrder, { arriving }: BrowserSide): void {
  const most = 5;
  const tasks = [...arriving.tasks, ...arriving.leftAloneTasks].sort((a, b) => b.ms - a.ms);
  for (const { ms, where } of tasks.filter((task) => task.ms > longMs).slice(0, most))
    print(`  a task of ${Math.round(ms)} ms: ${where}`);
}
