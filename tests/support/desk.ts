import type { AuditDraft } from '@/lib/domain/audit';
import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import { type Person, teamsOf } from '@/lib/domain/permission';
import { decide } from '@/lib/domain/policy/decide';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { expressionOf, type RuleConditions } from '@/lib/domain/policy/expression-of';
import { type HoldTerms, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import type { Cover } from '@/lib/domain/team';
import { noRecords } from '@/server/engine/ports/tool-records';
import type { EnginePorts } from '@/server/engine/parts';
import { plainKeeping } from '@/server/engine/ports/keeping';
import { noModels } from '@/server/engine/ports/models';
import type { Choices, Policy } from '@/server/engine/ports/policy';
import type { Roster } from '@/server/engine/ports/roster';
import { compileRules } from '@/server/policy/cel';
import { versionOf } from '@/server/policy/rule-book';

/** A rule, with what is usual for what is left out. */
export function ruleOf(
  given: Partial<Omit<PolicyRule, 'hold'>> &
    Partial<RuleConditions> & { readonly hold?: Partial<HoldTerms>; readonly deadlineMs?: number | null },
): PolicyRule {
  const { server = null, tool = null, annotations = {}, hold = {}, deadlineMs, ...rest } = given;
  const rule = {
    id: 'a-rule',
    decision: 'hold',
    when: expressionOf({ server, tool, annotations }),
    enabled: true,
    reason: null,
    questionsTeam: null,
    sampling: 'person',
    ...rest,
  } as const;
  const terms = { ...usualTerms, ...(deadlineMs === undefined ? {} : { deadlineMs }), ...hold };
  return { ...rule, hold: rule.decision === 'hold' ? terms : null };
}

/** The rules in force; `set` puts others there. */
export class TestPolicy implements Policy {
  #rules: readonly PolicyRule[];
  #version = 1;

  constructor(rules: readonly PolicyRule[] = []) {
    this.#rules = rules;
  }

  /** Called when other rules are set, as who keeps them tells the engine. */
  onSet: () => void = () => {};

  set(rules: readonly PolicyRule[]): void {
    this.#rules = rules;
    this.#version += 1;
    this.onSet();
  }

  get current(): Policy['current'] {
    return { version: this.#version, rules: this.#rules, savedAt: 0, savedBy: null, note: null };
  }

  get version(): string {
    return versionOf(this.#rules);
  }

  decide(question: Parameters<Policy['decide']>[0]): ReturnType<Policy['decide']> {
    const compiled = compileRules(this.#rules);
    return decide(this.#rules, question, (rule, asked) => compiled.match(rule, asked));
  }
}

/** Remembered choices in memory. */
export class TestChoices implements Choices {
  readonly kept: RememberedChoice[] = [];
  /** What the audit log would keep of them. */
  readonly acts: AuditDraft[] = [];

  constructor(private readonly now: () => number = () => Date.now()) {}

  matching({ agentId, sessionId, server, tool }: Parameters<Choices['matching']>[0]): readonly RememberedChoice[] {
    return this.kept.filter(
      (choice) =>
        choice.agent.id === agentId &&
        choice.server === server &&
        choice.tool === tool &&
        choice.revokedAt === null &&
        (choice.untilAt === null || choice.untilAt > this.now()) &&
        (choice.sessionId === null || choice.sessionId === sessionId),
    );
  }

  async add(choice: RememberedChoice, act: AuditDraft): Promise<void> {
    this.kept.push(choice);
    this.acts.push(act);
  }

  used(): void {
    // Counted on disk alone.
  }
}

interface TestTeam {
  readonly id: TeamId;
  readonly name: string;
  readonly members: readonly PersonId[];
}

/** People and teams in memory; a person is as they were last put. */
export class TestRoster implements Roster {
  readonly #people = new Map<PersonId, Person>();
  readonly #teams = new Map<TeamId, TestTeam>();
  readonly #owners = new Map<AgentId, PersonId>();
  readonly #disabled = new Set<PersonId>();
  readonly away = new Set<PersonId>();

  constructor(people: readonly Person[] = []) {
    for (const person of people) this.put(person);
  }

  put(person: Person): void {
    this.#people.set(person.id, person);
    this.#disabled.delete(person.id);
  }

  /** Disables them, as far as anyone can see. */
  remove(id: PersonId): void {
    this.#people.delete(id);
    this.#disabled.add(id);
  }

  isDisabled(id: PersonId): boolean {
    return this.#disabled.has(id);
  }

  own(agent: AgentId, owner: PersonId): void {
    this.#owners.set(agent, owner);
  }

  addTeam(id: string, name: string): void {
    this.#teams.set(id as TeamId, { id: id as TeamId, name, members: [] });
  }

  team(id: TeamId): { readonly id: TeamId; readonly name: string } | null {
    const team = this.#teams.get(id);
    return team === undefined ? null : { id, name: team.name };
  }

  isStaffed(id: TeamId): boolean {
    return this.people().some((one) => one.role !== 'observer' && teamsOf(one).includes(id) && !this.away.has(one.id));
  }

  person(id: PersonId): Person | null {
    return this.#people.get(id) ?? null;
  }

  people(): readonly Person[] {
    return [...this.#people.values()];
  }

  teamRows(): ReturnType<Roster['teamRows']> {
    return [...this.#teams.values()].map(({ id, name }) => ({
      id,
      name,
      createdAt: 0,
      members: this.people()
        .filter(({ teams }) => teams.includes(id))
        .map((one) => ({ id: one.id, name: one.name, role: one.role, away: this.awayOf(one.id) })),
    }));
  }

  awayOf(id: PersonId): ReturnType<Roster['awayOf']> {
    return this.away.has(id) ? { untilAt: null, delegate: null } : null;
  }

  ownerOf(id: AgentId): ReturnType<Roster['ownerOf']> {
    const owner = this.#owners.get(id);
    const person = owner === undefined ? undefined : this.#people.get(owner);
    return person === undefined ? null : { id: person.id, name: person.name, email: person.email };
  }
}

/** What a person is beside their name and role. */
export const noTeams: { readonly teams: readonly TeamId[]; readonly covers: readonly Cover[] } = {
  teams: [],
  covers: [],
};
/** What an answer says beside itself when nothing is measured or remembered. */
export const plainAnswer = { tookMs: null, remember: null } as const;
/** What an event of an answer says beside itself. */
export const plainAnswered = { as: null, tookMs: null, remember: null, usage: null } as const;
/** A request that is for everyone, and no approval. */
export const forAll = { team: null, alsoTeams: [], assignedTo: null, approval: null, writer: 'person' } as const;
/** A call its server never turned back, and that was never cut off. */
export const neverBack = { turnedBack: 0, mayHaveRun: false } as const;
/** A call no rule said more of. */
export const plainCall = { questionsTeam: null, sampling: 'person' } as const;

/** The engine's ports beside store and servers, for who does not look at them. */
export function deskPorts(
  rules: readonly PolicyRule[],
): Pick<EnginePorts, 'policy' | 'choices' | 'roster' | 'models' | 'keeping' | 'register' | 'toolRecords'> {
  return {
    policy: new TestPolicy(rules),
    choices: new TestChoices(),
    roster: new TestRoster(),
    models: noModels,
    keeping: plainKeeping,
    register: null,
    toolRecords: noRecords,
  };
}
