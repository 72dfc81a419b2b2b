/** A key press, in milliseconds from the moment the browser got it to the frame on screen. */
export interface Press {
  /** Until another row is the selected one. */
  readonly selectedMs: number;
  /** Until that row's title is also the head of the detail. */
  readonly shownMs: number;
}

export interface LongTask {
  /** Since navigation began. */
  readonly startAt: number;
  readonly ms: number;
  /** What ran, as far as the browser says. */
  readonly where: string;
}

/** What stands in the page under test. Instants are milliseconds since navigation began. */
declare global {
  interface Window {
    /** Tasks of over 50 ms; the browser tells of no others. */
    benchTasks: readonly LongTask[];
    /** Frames since they were last taken, milliseconds each. */
    benchFrames: number[];
    benchPresses: {
      readonly all: Press[];
      firstSelectedAt: number | null;
    };
    /** When the first frame with rows was on screen; resolved then. */
    benchFirstRows: Promise<number>;
  }
}

// Each of these runs in the page before anything else of it, so it must not name anything outside itself.

export function watchFrames(): void {
  window.benchFrames = [];
  let lastAt = 0;
  const frame = (at: number): void => {
    if (lastAt > 0) window.benchFrames.push(at - lastAt);
    lastAt = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

export function watchFirstRows(): void {
  window.benchFirstRows = new Promise((resolve) => {
    const look = (): void => {
      if (document.querySelector('.q-row') === null) return void requestAnimationFrame(look);
      // After the frame whose callbacks run now was drawn.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(null);
    };
    look();
  });
}

export function watchPresses(): void {
  const presses: Window['benchPresses'] = { all: [], firstSelectedAt: null };
  window.benchPresses = presses;
  let pending: { readonly at: number; readonly before: string | null; selectedMs: number | null } | null = null;
  const selected = (): HTMLElement | null => document.querySelector<HTMLElement>('.q-row[aria-current="true"]');
  const idOf = (row: HTMLElement | null): string | null => row?.dataset['request'] ?? null;
  const isOnScreen = (row: HTMLElement): boolean => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  const look = (): void => {
    const press = pending;
    if (press === null) return;
    requestAnimationFrame(look);
    const row = selected();
    const id = idOf(row);
    if (row === null || id === null || id === press.before || !isOnScreen(row)) return;
    const isShown = document.querySelector('.rq .r-title')?.textContent === row.querySelector('.ask')?.textContent;
    if (isShown) pending = null;
    if (press.selectedMs !== null && !isShown) return;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now();
      press.selectedMs ??= now - press.at;
      presses.firstSelectedAt ??= now;
      if (isShown) presses.all.push({ selectedMs: press.selectedMs, shownMs: now - press.at });
    };
    channel.port2.postMessage(null);
  };
  const onKey = ({ key, timeStamp }: KeyboardEvent): void => {
    if (key !== 'j' && key !== 'k') return;
    if (pending === null) requestAnimationFrame(look);
    pending = { at: timeStamp, before: idOf(selected()), selectedMs: null };
  };
  window.addEventListener('keydown', onKey, { capture: true });
}

export function watchTasks(): void {
  interface Frame extends PerformanceEntry {
    readonly scripts: readonly {
      readonly duration: number;
      readonly invoker: string;
      readonly sourceURL: string;
      readonly sourceFunctionName: string;
      readonly sourceCharPosition: number;
    }[];
  }
  const tasks: LongTask[] = [];
  window.benchTasks = tasks;
  const most = 3;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      tasks.push({ startAt: startTime, ms: duration, where: '' });
  }).observe({ type: 'longtask', buffered: true });
  // A long frame says which scripts ran in it; the tasks it is made of do not.
  new PerformanceObserver((list) => {
    for (const { startTime, duration, scripts } of list.getEntries() as Frame[]) {
      const where = [...scripts]
        .sort((a, b) => b.duration - a.duration)
        .slice(0, most)
        .map(({ duration: ms, invoker, sourceFunctionName, sourceURL, sourceCharPosition }) => {
          const file = sourceURL.split('/').pop() ?? '';
          return `${Math.round(ms)} ms ${invoker} ${sourceFunctionName} ${file}:${sourceCharPosition}`;
        })
        .join('; ');
      tasks.forEach((task, index) => {
        const isInside = task.startAt >= startTime - 1 && task.startAt <= startTime + duration;
        if (task.where === '' && isInside) tasks[index] = { ...task, where };
      });
    }
  }).observe({ type: 'long-animation-frame', buffered: true });
}
