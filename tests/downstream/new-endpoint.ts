import { wholeOffers } from '@/server/engine/ports/tool-offers';
import { createAgentEndpoint } from '@/server/downstream/endpoint';
import type { Clock } from '@/server/engine/ports/clock';
import type { AgentSettings, Settings } from '@/server/engine/ports/servers';
import type { Holdpoint, TestAgent } from '@/tests/support/holdpoint';

const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A new agents' endpoint over the same engine: what the old one held in memory is gone. */
export function replaceEndpoint(
  holdpoint: Holdpoint,
  known: { readonly agent: TestAgent; readonly agents: AgentSettings },
): void {
  const settings: Settings = {
    servers: [],
    rules: [],
    idleSessionMs: 60_000,
    requestDeadlineMs: 60_000,
    heartbeatMs: 10_000,
    endingGraceMs: 2_000,
    agents: known.agents,
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 50, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1024 * 1024 },
  };
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
  const endpoint = createAgentEndpoint({
    desk: holdpoint.engine.agents,
    offers: wholeOffers,
    agentOf: (key) => Promise.resolve(key === known.agent.key ? known.agent.identity : null),
    settings,
    log,
    clock,
    version: '0.0.0',
  });
  holdpoint.http.removeAllListeners('request');
  holdpoint.http.on('request', (req, res) => void endpoint.handle(req, res));
}
