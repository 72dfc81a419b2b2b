import type {
  Cancel,
  Effect,
  Fault,
  FaultKind,
  Question,
  Saying,
  Send,
  ServerFacts,
  Telling,
  World,
} from '@/tests/chaos/world';

export type Executed = Extract<Effect, { readonly kind: 'executed' }>;
export type Answered = Extract<Effect, { readonly kind: 'answered' }>;
export type Unheard = Extract<Effect, { readonly kind: 'unheard' }>;
export type Returned = Extract<Effect, { readonly kind: 'returned' }>;
export type SavedSaying = Saying & { readonly reply: Extract<Saying['reply'], { readonly kind: 'saved' }> };

/** Everything that concerns one call, in the order of time. */
export interface CallRecord {
  readonly mark: string;
  readonly server: ServerFacts;
  readonly tool: string;
  readonly sends: readonly Send[];
  readonly tellings: readonly Telling[];
  readonly executions: readonly Executed[];
  readonly returned: readonly Returned[];
  readonly questions: readonly Question[];
  /** Answers saved for its questions. */
  readonly saved: readonly SavedSaying[];
  readonly cancels: readonly Cancel[];
}

/** A world sorted by call, so that each check reads only what it is about. */
export interface WorldIndex {
  readonly world: World;
  readonly calls: readonly CallRecord[];
  readonly savedOf: ReadonlyMap<string, readonly SavedSaying[]>;
}

/** What breaks a connection, by what is left of it. */
const hardFaults: ReadonlySet<FaultKind> = new Set(['kill_server', 'end_session']);
const softFaults: ReadonlySet<FaultKind> = new Set(['kill_holdpoint', 'stop_holdpoint', 'cut_network']);

/** How long after its healing a fault may still be felt: nobody has yet asked what it broke. */
const aftermathMs = 3_000;

export function indexWorld(world: World): WorldIndex {
  const servers = new Map(world.servers.map((server) => [server.name, server]));
  const savedOf = groupBy(world.sayings.filter(isSaved), (saying) => saying.requestId);
  const tellings = groupBy(world.tellings, (telling) => telling.mark);
  const executed = groupBy(world.effects.filter(isExecuted), (effect) => effect.mark);
  const returned = groupBy(world.effects.filter(isReturned), (effect) => effect.mark);
  const questions = groupBy(world.questions, (question) => question.mark ?? '');
  const cancels = groupBy(world.cancels, (cancel) => cancel.mark);
  const calls = [...groupBy(world.sends, (send) => send.mark)].map(([mark, sends]): CallRecord => {
    const { server: name, tool } = firstOf(sends);
    const server = servers.get(name);
    if (server === undefined) throw new Error(`nothing is known about the server ${name}`);
    const asked = inOrder(questions.get(mark) ?? [], (question) => question.openedAt);
    return {
      mark,
      server,
      tool,
      sends: inOrder(sends, (send) => send.at),
      tellings: inOrder(tellings.get(mark) ?? [], (telling) => telling.at),
      executions: inOrder(executed.get(mark) ?? [], (effect) => effect.at),
      returned: returned.get(mark) ?? [],
      questions: asked,
      saved: asked.flatMap((question) => savedOf.get(question.requestId) ?? []),
      cancels: cancels.get(mark) ?? [],
    };
  });
  return { world, calls, savedOf };
}

/** What struck the way of a call between two instants: its server, the network to it, or Holdpoint itself. */
export function interruptions(
  world: World,
  server: string,
  between: { readonly fromAt: number; readonly toAt: number },
): readonly Fault[] {
  return world.faults.filter(
    (fault) =>
      (hardFaults.has(fault.kind) || softFaults.has(fault.kind)) &&
      (fault.target === null || fault.target === server) &&
      fault.at <= between.toAt &&
      fault.healedAt + aftermathMs >= between.fromAt,
  );
}

/** After it the server no longer knows the session. */
export function isHard(fault: Fault): boolean {
  return hardFaults.has(fault.kind);
}

export function isSaved(saying: Saying): saying is SavedSaying {
  return saying.reply.kind === 'saved';
}

export function isAnswered(effect: Effect): effect is Answered {
  return effect.kind === 'answered';
}

function isExecuted(effect: Effect): effect is Executed {
  return effect.kind === 'executed';
}

export function isUnheard(effect: Effect): effect is Unheard {
  return effect.kind === 'unheard';
}

function isReturned(effect: Effect): effect is Returned {
  return effect.kind === 'returned';
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function inOrder<T>(items: readonly T[], atOf: (item: T) => number): readonly T[] {
  return [...items].sort((a, b) => atOf(a) - atOf(b));
}

function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('an empty group');
  return first;
}
