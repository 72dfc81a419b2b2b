import { interruptions, isUnheard, type WorldIndex } from './index-of-world';
import type { Violation } from './violation';

/** A round is over only when every request is. */
export function checkRequests({ world }: WorldIndex): readonly Violation[] {
  return world.questions.flatMap((question): readonly Violation[] =>
    question.state === 'open' || question.state === 'answered'
      ? [
          {
            kind: 'stuck_open',
            subject: question.requestId,
            words: `the ${question.kind} request of ${question.server} is still ${question.state}`,
          },
        ]
      : [],
  );
}

/** I1: while nothing is broken, somebody listens wherever a server asks. */
export function checkListening({ world }: WorldIndex): readonly Violation[] {
  return world.effects.filter(isUnheard).flatMap(({ server, mark, execution, at }): readonly Violation[] => {
    if (interruptions(world, server, { fromAt: at, toAt: at }).length > 0) return [];
    const words = `${execution} of ${server} had a question, and nobody listened though nothing was broken`;
    return [{ kind: 'not_listening', subject: mark, words }];
  });
}

/** A server's process does not outlive what it was started for, whoever died. */
export function checkOrphans({ world }: WorldIndex): readonly Violation[] {
  return world.orphans.map(({ server, pid }) => ({
    kind: 'orphan',
    subject: `${server} process ${pid}`,
    words: 'it still runs, a whole round after its session ended',
  }));
}

const stopWithinMs = 10_000;

/** A planned stop ends in time and in order, with calls parked. */
export function checkStops({ world }: WorldIndex): readonly Violation[] {
  return world.stops.flatMap((stop): readonly Violation[] =>
    stop.tookMs > stopWithinMs || stop.exitCode !== 0
      ? [
          {
            kind: 'slow_stop',
            subject: `stop at ${stop.at}`,
            words: `SIGTERM took ${Math.round(stop.tookMs)} ms and ended with ${stop.exitCode}`,
          },
        ]
      : [],
  );
}
