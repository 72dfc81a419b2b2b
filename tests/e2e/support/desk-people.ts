import type { Page } from 'playwright-core';
import { type PersonId, readTeamId, type TeamId } from '@/lib/domain/ids';
import type { Role } from '@/lib/domain/permission';
import type { HoldTerms, PolicyRule } from '@/lib/domain/policy/rule';
import type { Result } from '@/lib/domain/refusal';
import type { CommandOf } from '@/lib/protocol/commands';
import { emailOf } from '@/tests/e2e/support/product';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import type { Stage } from '@/tests/e2e/support/stage';
import { ruleOf } from '@/tests/support/desk';

export interface DeskOptions {
  readonly role?: Role;
  /** `undoable`: answers wait the moment people have to undo them; most tests send at once. */
  readonly answers?: 'at_once' | 'undoable';
}

/** Someone's browser at the queue, with everything its socket ever heard. */
export interface Desk extends QueuePage {
  readonly heard: readonly string[];
}

export async function deskOf(stage: Stage, name: string, options: DeskOptions = {}): Promise<Desk> {
  const { role = 'approver', answers = 'at_once' } = options;
  const { page } = await stage.person(role, { name, answers });
  const heard = heardBy(page);
  const queue = await new QueuePage(page).open();
  return Object.assign(queue, { heard });
}

function heardBy(page: Page): readonly string[] {
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  return heard;
}

export function teamId(name: string): TeamId {
  const id = readTeamId(name.toLowerCase());
  if (id === null) throw new Error(`${name} makes no team`);
  return id;
}

/** Makes teams, `{ Payments: ['Ana Ruiz'] }`, and whoever of them is not there yet. */
export async function makeTeams(stage: Stage, teams: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const admin = await stage.product.connect('admin');
  for (const name of new Set(Object.values(teams).flat())) await stage.product.cookieOf('approver', name);
  const ids = await peopleOf(stage);
  for (const [name, members] of Object.entries(teams)) {
    sure(await admin.say({ type: 'teams.create', teamId: teamId(name), name }));
    const memberIds = members.map((member) => ids(member));
    sure(await admin.say({ type: 'teams.set_members', teamId: teamId(name), members: memberIds }));
  }
}

/** Whose id a name is. */
export async function peopleOf(stage: Stage): Promise<(name: string) => PersonId> {
  const admin = await stage.product.connect('admin');
  const { people } = sure(await admin.say({ type: 'people.list' }));
  return (name) => {
    const found = people.find(({ email }) => email === emailOf(name));
    if (found === undefined) throw new Error(`${name} is not there`);
    return found.id;
  };
}

/** A rule that holds the calls this expression is true of. */
export function holdRule(id: string, when: string, hold: Partial<HoldTerms> = {}): PolicyRule {
  return ruleOf({ id, when, hold, reason: `Held by ${id}.` });
}

/** Puts rules before those in force. */
export async function addRules(stage: Stage, ...rules: readonly PolicyRule[]): Promise<void> {
  const admin = await stage.product.connect('admin');
  const { current } = sure(await admin.say({ type: 'rules.read' }));
  const list = structuredClone([...rules, ...current.rules]) as CommandOf<'rules.save'>['rules'];
  sure(await admin.say({ type: 'rules.save', base: current.version, rules: list, note: null }));
}

/** What was said yes to; a refusal fails the test with its words. */
export function sure<T>(said: Result<T>): T {
  if (!said.ok) throw new Error(`${said.code}: ${said.message}`);
  return said.value;
}
