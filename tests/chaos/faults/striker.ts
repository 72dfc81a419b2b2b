import type { Agent } from '@/tests/chaos/agents/agent';
import type { Restarts } from '@/tests/chaos/faults/restarts';
import type { Ledger } from '@/tests/chaos/ledger';
import type { FaultPlan } from '@/tests/chaos/plan';
import type { Attacked } from '@/tests/chaos/servers/attacked';
import type { TcpProxy } from '@/tests/support/tcp-proxy';

export interface Targets {
  readonly holdpoint: Restarts;
  /** SIGTERM to Holdpoint; null when it had to be killed. */
  readonly stop: () => Promise<{ readonly exitCode: number | null } | null>;
  readonly servers: readonly Attacked[];
  readonly agents: readonly Agent[];
  readonly peopleNetworks: Readonly<Record<'first' | 'second', TcpProxy>>;
  readonly ledger: Ledger;
}

/** Carries out one fault from its blow to its healing, and writes both down. */
export async function strike(fault: FaultPlan, targets: Targets): Promise<void> {
  const { ledger } = targets;
  const entry = { kind: fault.kind, target: targetOf(fault), at: Date.now(), healedAt: Number.POSITIVE_INFINITY };
  const slot = ledger.faults.push(entry) - 1;
  await blow(fault, targets);
  ledger.faults[slot] = { ...entry, healedAt: Date.now() };
}

async function blow(fault: FaultPlan, targets: Targets): Promise<void> {
  const { holdpoint } = targets;
  switch (fault.kind) {
    case 'kill_holdpoint':
      return holdpoint.strike(fault.lastsMs);
    case 'stop_holdpoint':
      return holdpoint.strike(fault.lastsMs, () => stop(targets));
    case 'kill_server':
      return serverOf(fault.server, targets).process.strike(fault.lastsMs);
    case 'end_session':
      return serverOf(fault.server, targets).endSessions();
    case 'cut_network': {
      const { network } = serverOf(fault.server, targets);
      network?.cut();
      await pause(fault.lastsMs);
      network?.restore();
      return;
    }
    case 'drop_agent': {
      const agent = targets.agents[fault.agent];
      agent?.drop();
      await pause(fault.lastsMs);
      agent?.comeBack(fault.comeBack);
      return;
    }
    case 'cut_person': {
      const network = targets.peopleNetworks[fault.person];
      network.cut();
      await pause(fault.lastsMs);
      network.restore();
    }
  }
}

/** A planned stop, with whatever is parked. */
async function stop({ stop: end, ledger }: Targets): Promise<void> {
  const at = Date.now();
  const stopped = await end();
  if (stopped !== null) ledger.stops.push({ at, tookMs: Date.now() - at, ...stopped });
}

function targetOf(fault: FaultPlan): string | null {
  switch (fault.kind) {
    case 'kill_holdpoint':
    case 'stop_holdpoint':
      return null;
    case 'kill_server':
    case 'end_session':
    case 'cut_network':
      return fault.server;
    case 'drop_agent':
      return `agent ${fault.agent}, ${fault.comeBack}`;
    case 'cut_person':
      return fault.person;
  }
}

function serverOf(name: string, { servers }: Targets): Attacked {
  const server = servers.find(({ facts }) => facts.name === name);
  if (server === undefined) throw new Error(`there is no server ${name}`);
  return server;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
