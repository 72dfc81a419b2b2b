import type { JsonObject } from '@/lib/domain/json';

/** Far below any figure a server steps by, far above what a double cannot tell apart. */
const relativeStep = 1e-9;

/**
 * The figures an agent gets for one call. MCP wants each above the one before, so a heartbeat stands a
 * billionth above the last figure: the server's own next one passes unchanged. A server that repeats a
 * figure or goes back is held to the same rule.
 */
export class ProgressFigures {
  private total: number | null = null;

  /** `last` is the figure the agent heard last, where an earlier stream of the same call told it one. */
  constructor(private last: number | null = null) {}

  /** The figure told last; null before the first. */
  get told(): number | null {
    return this.last;
  }

  server(report: {
    readonly progress: number;
    readonly total: number | null;
    readonly message: string | null;
  }): JsonObject {
    this.total = report.total ?? this.total;
    this.last = this.last === null || report.progress > this.last ? report.progress : above(this.last);
    return figures(this.last, report.total, report.message);
  }

  /** A person is being asked: the words are new, the work has not moved. */
  heartbeat(message: string): JsonObject {
    this.last = this.last === null ? 0 : above(this.last);
    return figures(this.last, this.total, message);
  }
}

function above(value: number): number {
  return value + Math.max(Math.abs(value), 1) * relativeStep;
}

function figures(progress: number, total: number | null, message: string | null): JsonObject {
  return { progress, ...(total === null ? {} : { total }), ...(message === null ? {} : { message }) };
}
