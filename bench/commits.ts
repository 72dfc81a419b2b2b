import type { SessionEvent } from '@/lib/domain/event';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Commit } from '@/server/engine/ports/store';
import type { Log } from '@/server/engine/ports/log';
import { openStore } from '@/server/store/open-store';
import { median } from './statistics';

/** How many commits of events a running Holdpoint has made, by its own count. */
export async function commitsOf(origin: string): Promise<number> {
  const figures = await (await fetch(`${origin}/metrics`)).text();
  const count = /^holdpoint_commits_total (\d+)$/m.exec(figures)?.[1];
  return count === undefined ? 0 : Number(count);
}

/** What a typical commit holds, taken from a measured session. */
export interface Sample {
  readonly event: SessionEvent;
  readonly summary: SessionSummary;
  readonly item: QueueItem;
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

/** The median milliseconds of one commit with nothing else going on, on the disk of `folder`. */
export async function measureCommit(folder: string, sample: Sample, count: number): Promise<number> {
  const opened = await openStore({ databaseUrl: `sqlite:${folder}/commits.db`, log: silent });
  if (!opened.ok) throw new Error(opened.message);
  const tookMs: number[] = [];
  try {
    for (let index = 1; index <= count; index += 1) {
      const before = performance.now();
      const outcome = await opened.store.commit([commitOf(sample, index)]);
      if (!outcome.ok) throw new Error(outcome.message);
      tookMs.push(performance.now() - before);
    }
  } finally {
    await opened.store.close();
  }
  return median(tookMs);
}

function commitOf({ event, summary, item }: Sample, seq: number): Commit {
  const message = { jsonrpc: '2.0', id: seq, method: 'elicitation/create', params: { message: item.request.title } };
  const { sessionId } = event;
  return {
    sessionId,
    events: [{ ...event, seq }],
    summary,
    connections: [],
    calls: item.call === null ? [] : [item.call],
    requests: [item.request],
    payloads: [{ owner: item.request.requestId, kind: 'ask', body: message }],
    attachments: [],
    cursors: [],
    agentCalls: [],
    audit: [],
    raw: [
      {
        sessionId,
        seq,
        at: event.at,
        side: 'server',
        direction: 'in',
        server: item.request.server,
        connectionId: null,
        stream: 'call',
        message,
      },
    ],
  };
}
