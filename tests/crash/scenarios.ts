import type { TeamId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { ruleOf } from '@/tests/support/desk';

/** One call of one tool, and how the world around it is. */
export interface Scenario {
  readonly name: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly rules: readonly PolicyRule[];
  /** Whether the server keeps its events, so that its streams can be resumed. */
  readonly events: 'kept' | 'none';
  /** What the person says to a recovery request. */
  readonly recovery: 'run_again' | 'done_by_hand' | 'give_up';
  /** Where the server asks: on the stream of the call, or beside it, as FastMCP does. */
  readonly questionsOn: 'call' | 'standalone';
  /** The server forgets its sessions once: while its first question waits for the person, or before our second life. */
  readonly forgets: 'never' | 'while_thinking' | 'while_down';
  /** For how long the server cannot be reached once we are back. */
  readonly awayMs: number;
  /** Known to be safe to repeat, by annotation or configuration: it may go again by itself. */
  readonly repeatable: boolean;
  /** What the desk has to do with it; null for one person who says yes. */
  readonly desk: DeskPlay | null;
}

/** What the desk does in a scenario, as the rules of it were meant; the checker goes by this, not by the rules. */
export interface DeskPlay {
  /** How many different people must say yes before anything is sent. */
  readonly voters: number;
  /** What the last of them makes of the arguments once the first has voted; null to leave them. */
  readonly edit: JsonObject | null;
  /** Nobody answers the approval: its deadline lets it go. */
  readonly silent: boolean;
  /** Whether people are asked only after a while, when the team before them did not answer. */
  readonly escalates: boolean;
  /** A model writes what the server wants written. */
  readonly model: boolean;
  /** Every answer is to be remembered, and the agent calls once more, with this key. */
  readonly again: string | null;
  /** How long nobody is there after a death: what is due meanwhile is late. */
  readonly downMs: number;
}

const allowAll = ruleOf({ id: 'all', decision: 'allow' });

const plain: Scenario = {
  name: 'a call without a question',
  tool: 'write',
  arguments: { note: 'once' },
  rules: [allowAll],
  events: 'kept',
  recovery: 'run_again',
  questionsOn: 'call',
  forgets: 'never',
  awayMs: 0,
  repeatable: false,
  desk: null,
};

/** One for each kind of request, and a call without any. */
export const kinds: readonly Scenario[] = [
  plain,
  { ...plain, name: 'a call that is safe to repeat', tool: 'write_idempotent', repeatable: true },
  { ...plain, name: 'form', tool: 'ask_simple', arguments: {} },
  { ...plain, name: 'url', tool: 'ask_url', arguments: { wait: false } },
  { ...plain, name: 'sampling', tool: 'sample', arguments: {} },
  { ...plain, name: 'approval', rules: [] },
  { ...plain, name: 'approval, then form', tool: 'ask_simple', arguments: {}, rules: [] },
];

const pages: Scenario = { ...plain, tool: 'write_after_pages', arguments: { pages: 2 } };

/** A server that runs nothing before pages are visited. */
export const pagesFirst: readonly Scenario[] = [
  { ...pages, name: 'approval, then two pages first', rules: [] },
  { ...pages, name: 'two pages first, its session gone while a person visits one', forgets: 'while_thinking' },
];

const approval: Scenario = { ...plain, name: 'approval', rules: [] };

/** A crash leaves unknown whether an approved call ran, and the person does not want it again. */
export const approvals: readonly Scenario[] = [
  { ...approval, name: 'approval, and done by hand', recovery: 'done_by_hand' },
  { ...approval, name: 'approval, and given up', recovery: 'give_up' },
];

/** The server loses its session while a person thinks, and a recovery request follows. */
export const recoveries: readonly Scenario[] = (['run_again', 'done_by_hand', 'give_up'] as const).map((recovery) => ({
  ...plain,
  name: `recovery, ${recovery.replaceAll('_', ' ')}`,
  tool: 'ask_simple',
  arguments: {},
  recovery,
  forgets: 'while_thinking',
}));

const form: Scenario = { ...plain, tool: 'ask_simple', arguments: {} };

/** The same kinds where the world is less kind. */
export const harder: readonly Scenario[] = [
  { ...form, name: 'two forms', tool: 'ask_twice' },
  { ...form, name: 'form on the standalone stream', questionsOn: 'standalone' },
  { ...form, name: 'form, its session gone, safe to repeat', forgets: 'while_thinking', repeatable: true },
  { ...form, name: 'form, its session gone when we come back', forgets: 'while_down' },
  { ...form, name: 'form, its server away when we come back', awayMs: 300 },
  { ...approval, name: 'approval, its server away when we come back', awayMs: 300 },
  { ...plain, name: 'no question, its session gone when we come back', forgets: 'while_down' },
  { ...approval, name: 'approval, its session gone when we come back', forgets: 'while_down' },
];

/** The same with a server that keeps no events: a broken stream loses its result. */
export function withoutEvents(scenario: Scenario): Scenario {
  return { ...scenario, name: `${scenario.name}, no event store`, events: 'none' };
}

/** Before a team nobody is in, and the one that is asked after it. */
export const nobodys = 'nobodys' as TeamId;
export const leads = 'leads' as TeamId;

const once: DeskPlay = {
  voters: 1,
  edit: null,
  silent: false,
  escalates: false,
  model: false,
  again: null,
  downMs: 0,
};
const dueMs = 250;
const two = { approvals: [{ count: 2, role: null, team: null }], editable: ['/note'] } as const;
const note = { key: 'first', note: 'once' };

function held(
  name: string,
  hold: NonNullable<Parameters<typeof ruleOf>[0]['hold']>,
  desk: Partial<DeskPlay>,
): Scenario {
  const rules = [ruleOf({ id: 'held', tool: 'write', hold }), allowAll];
  return { ...plain, name, arguments: note, rules, desk: { ...once, ...desk } };
}

/** What an approver's desk adds to the life of a call. */
export const desks: readonly Scenario[] = [
  held('two people approve', two, { voters: 2 }),
  held('an edit between two votes', two, { voters: 2, edit: { key: 'first', note: 'edited' } }),
  held(
    'an escalation that is due while nobody is there',
    { team: nobodys, escalation: { afterMs: dueMs, team: leads } },
    { escalates: true, downMs: dueMs + 50 },
  ),
  held(
    'a deadline that allows, due while nobody is there',
    { deadlineMs: dueMs, atDeadline: 'allow' },
    { silent: true, downMs: dueMs + 50 },
  ),
  {
    ...plain,
    name: 'a model writes',
    tool: 'sample',
    arguments: {},
    rules: [ruleOf({ id: 'all', decision: 'allow', sampling: 'model' })],
    desk: { ...once, model: true },
  },
  held('a remembered choice, and the same call again', {}, { again: 'second' }),
];
