import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person, Role } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { HoldRequest } from '@/lib/domain/request';
import type { Store } from '@/server/engine/ports/store';
import type { Change } from '@/server/engine/ports/publisher';
import { type ScriptedConnection, ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { MovableClock, person, Workplace } from '@/tests/engine/workplace';
import { TestChoices, TestPolicy, TestRoster } from '@/tests/support/desk';

export const payments = 'payments' as TeamId;
export const security = 'security' as TeamId;

export const pay: JsonObject = {
  name: 'pay',
  description: 'Pays somebody.',
  inputSchema: { type: 'object', properties: { amount: { type: 'number' }, to: { type: 'string' } } },
};

/** An engine whose people, rules and servers are the test's, on a real store. */
export interface DeskPlace {
  readonly place: Workplace;
  readonly upstream: ScriptedUpstream;
  readonly policy: TestPolicy;
  readonly roster: TestRoster;
  readonly choices: TestChoices;
  readonly clock: MovableClock;
}

export interface DeskOptions {
  readonly before?: (store: Store) => Store;
  readonly publish?: (change: Change) => void;
  readonly onConnection?: (connection: ScriptedConnection) => void;
  readonly idleSessionMs?: number;
}

export function member(role: Role, name: string, teams: readonly TeamId[] = []): Person {
  return { ...person(role, name), teams };
}

export async function openDesk(
  rules: readonly PolicyRule[],
  people: readonly Person[],
  options: DeskOptions = {},
): Promise<DeskPlace> {
  const upstream = new ScriptedUpstream();
  upstream.tools = [pay];
  upstream.onConnection =
    options.onConnection ??
    ((connection) => {
      connection.onCall = async (call) => {
        setImmediate(() => void connection.finish(call.rpcId));
        return { ok: true, status: 200 };
      };
    });
  const clock = new MovableClock();
  const policy = new TestPolicy(rules);
  const roster = new TestRoster(people);
  roster.addTeam(payments, 'Payments');
  roster.addTeam(security, 'Security');
  const choices = new TestChoices(() => clock.now());
  const { before, publish, idleSessionMs = 10 ** 12 } = options;
  const place = await Workplace.open({
    servers: [{ name: 'bank', transport: { kind: 'http', url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null } }],
    settings: { rules, idleSessionMs },
    upstream,
    clock,
    policy,
    roster,
    choices,
    ...(before === undefined ? {} : { before }),
    ...(publish === undefined ? {} : { publish }),
  });
  return { place, upstream, policy, roster, choices, clock };
}

/** A call that is held, and its request. */
export async function held(
  desk: DeskPlace,
  given: JsonObject = { amount: 5, to: 'Ada' },
  agent = 'oncall-copilot',
): Promise<{ readonly request: HoldRequest; readonly outcome: ReturnType<Workplace['call']>['outcome'] }> {
  const sessionId = await desk.place.session(agent);
  const { outcome } = desk.place.call(sessionId, 'bank/pay', given);
  const request = await desk.place.opened((one) => one.sessionId === sessionId);
  return { request, outcome };
}

export function agentId(name = 'oncall-copilot'): AgentId {
  return `agt_${name}` as AgentId;
}

export function personId(name: string): PersonId {
  return person('approver', name).id;
}

/** The store, with one read held up until the test lets it go. */
export function slowPayload(kind: string): {
  readonly before: (store: Store) => Store;
  /** Resolves when the read after this has begun; call what it gives to let it go on. */
  readonly next: () => Promise<() => void>;
} {
  let arrived: ((go: () => void) => void) | null = null;
  const before = (store: Store): Store =>
    new Proxy(store, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'function') return value;
        if (key !== 'payload') return value.bind(target) as unknown;
        return async (owner: never, wanted: never) => {
          const tell = arrived;
          if (tell !== null && wanted === kind) {
            arrived = null;
            await new Promise<void>((resolve) => tell(resolve));
          }
          return target.payload(owner, wanted);
        };
      },
    });
  return {
    before,
    next: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
  };
}

/** The store, with the next commit held up until the test lets it go. */
export function slowCommit(): { readonly before: (store: Store) => Store; readonly next: () => Promise<() => void> } {
  let arrived: ((go: () => void) => void) | null = null;
  const before = (store: Store): Store =>
    new Proxy(store, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'function') return value;
        if (key !== 'commit') return value.bind(target) as unknown;
        return async (commits: Parameters<Store['commit']>[0]) => {
          const tell = arrived;
          arrived = null;
          if (tell !== null) await new Promise<void>((resolve) => tell(resolve));
          return target.commit(commits);
        };
      },
    });
  return {
    before,
    next: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
  };
}
