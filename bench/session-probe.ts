/** How a session's page came up, milliseconds since navigation began. */
export interface SessionOpening {
  /** The first frame with verdict, lanes and newest events. */
  readonly usefulMs: number;
  /** The first frame after every event was there. */
  readonly wholeMs: number;
}

/** What stands in the page under test. */
declare global {
  interface Window {
    /** Resolved after the first frame with a verdict, a lane and an event. */
    benchUseful: Promise<number>;
    /** From a key press to the moment its first listener ran, milliseconds each. */
    benchDelays: number[];
  }
}

// Each of these runs in the page before anything else of it, so it must not name anything outside itself.

export function watchUseful(): void {
  window.benchUseful = new Promise((resolve) => {
    const look = (): void => {
      const isThere = ['.s-verdict h1', '.tl .lane', '.ev'].every((part) => document.querySelector(part) !== null);
      if (!isThere) return void requestAnimationFrame(look);
      // After the frame whose callbacks run now was drawn.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(null);
    };
    look();
  });
}

export function watchDelays(): void {
  const delays: number[] = [];
  window.benchDelays = delays;
  const heard = ({ timeStamp }: Event): void => void delays.push(performance.now() - timeStamp);
  window.addEventListener('keydown', heard, { capture: true });
}
