import type { AuditDraft } from '@/lib/domain/audit';
import type { ChoiceId } from '@/lib/domain/ids';
import type { Action, Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import type { Backtest } from '@/lib/domain/policy/backtest';
import { decide, type PolicyVerdict } from '@/lib/domain/policy/decide';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { PastCall } from '@/server/engine/ports/store';
import { type BacktestReport, backtestInTurns } from './backtest';
import { compileRules } from './cel';
import { checkRules, type RuleProblem } from './check-rules';
import type { ChoiceBook } from './choice-book';
import type { RecordedCall } from './policy-set';
import type { RuleBook, VersionRow } from './rule-book';
import { readRulesFile, writeRulesFile } from './rules-file';

const dayMs = 86_400_000;
const backtestMost = 5_000;

interface Parts {
  readonly rules: RuleBook;
  readonly choices: ChoiceBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly teams: () => readonly string[];
  readonly pastCalls: (query: { readonly limit: number; readonly sinceAt: number }) => Promise<readonly PastCall[]>;
  /** What rules look at in a call of the past. */
  readonly questionOf: (past: PastCall) => PolicyQuestion | null;
  /** Called after the commit. */
  readonly changed: (version: number) => void;
}

export interface Said {
  readonly rule: string;
  readonly match: 'yes' | 'no' | 'off' | 'error';
  readonly error: string | null;
}

/** What people may do with rules and remembered choices; each method checks who asks (I11). */
export class RulesDesk {
  constructor(private readonly parts: Parts) {}

  read(person: Person): Promise<Result<{ readonly current: PolicyVersion; readonly versions: readonly VersionRow[] }>> {
    const { rules } = this.parts;
    return this.allowed(person, 'rule.read', async () => {
      const versions = await rules.versions();
      return done({ current: rules.current, versions });
    });
  }

  version(person: Person, version: number): Promise<Result<PolicyVersion>> {
    return this.allowed(person, 'rule.read', async () => {
      const found = await this.parts.rules.read(version);
      return found === null ? refuse('not_found') : done(found);
    });
  }

  check(person: Person, rules: readonly PolicyRule[]): Promise<Result<{ readonly problems: readonly RuleProblem[] }>> {
    return this.allowed(person, 'rule.manage', async () => done({ problems: this.problemsOf(rules) }));
  }

  /** Refused with every problem and its place when one rule has an error: half of a policy is none. */
  save(
    person: Person,
    order: { readonly base: number; readonly rules: readonly PolicyRule[]; readonly note: string | null },
  ): Promise<Result<PolicyVersion>> {
    return this.allowed(person, 'rule.manage', async () => {
      const problems = this.problemsOf(order.rules);
      const [first] = problems;
      if (first !== undefined)
        return refuse('bad_input', `Rule ${first.rule} cannot be saved: ${first.message}`, { problems });
      const note = order.note === null || order.note === '' ? null : order.note;
      const before = this.parts.rules.current.version;
      const saved = await this.parts.rules.save({
        base: order.base,
        rules: order.rules,
        by: person.name,
        note,
        who: whoOf(person),
      });
      if (saved === null) {
        const { version, savedBy } = this.parts.rules.current;
        if (version !== before) this.parts.changed(version);
        return refuse(
          'stale_revision',
          `Version ${version} was saved by ${savedBy ?? 'the configuration'} meanwhile.`,
          {
            version,
          },
        );
      }
      this.parts.log.info({ version: saved.version, by: person.id }, 'rules were saved');
      this.parts.changed(saved.version);
      return done(saved);
    });
  }

  tryOut(
    person: Person,
    order: { readonly rules: readonly PolicyRule[] | null; readonly question: PolicyQuestion },
  ): Promise<Result<{ readonly verdict: PolicyVerdict; readonly said: readonly Said[] }>> {
    return this.allowed(person, 'rule.read', async () => {
      const rules = order.rules ?? this.parts.rules.current.rules;
      const compiled = compileRules(rules);
      const said = rules.map((rule): Said => {
        if (!rule.enabled) return { rule: rule.id, match: 'off', error: null };
        const match = compiled.match(rule, order.question);
        return typeof match === 'string'
          ? { rule: rule.id, match, error: null }
          : { rule: rule.id, match: 'error', error: match.error };
      });
      const verdict = decide(rules, order.question, (rule, question) => compiled.match(rule, question));
      return done({ verdict, said });
    });
  }

  backtest(
    person: Person,
    order: { readonly rules: readonly PolicyRule[]; readonly days: number },
  ): Promise<Result<Backtest>> {
    return this.allowed(person, 'rule.manage', async () => {
      const { pastCalls, questionOf, rules, clock } = this.parts;
      const past = await pastCalls({ limit: backtestMost, sinceAt: clock.now() - order.days * dayMs });
      const calls = past.flatMap((one): readonly RecordedCall[] => {
        const question = questionOf(one);
        return question === null ? [] : [recorded(one, question)];
      });
      const proposed = { rules: order.rules, compiled: compileRules(order.rules) };
      const report = await backtestInTurns({ calls, now: rules.set, proposed });
      return done(readable(report, new Map(past.map((one): [string, PastCall] => [one.callId, one]))));
    });
  }

  importFile(person: Person, text: string): Promise<Result<{ readonly rules: readonly PolicyRule[] }>> {
    return this.allowed(person, 'rule.manage', async () => {
      const reading = readRulesFile(text);
      if (reading.ok) return done({ rules: reading.rules });
      const [first] = reading.problems;
      return refuse('bad_input', first?.message ?? 'This is not a file of rules.', { problems: reading.problems });
    });
  }

  exportFile(person: Person): Promise<Result<{ readonly text: string }>> {
    return this.allowed(person, 'rule.read', async () =>
      done({ text: writeRulesFile(this.parts.rules.current.rules) }),
    );
  }

  /** An admin's list is everyone's, an approver's their own. */
  choices(person: Person): Promise<Result<{ readonly choices: readonly RememberedChoice[] }>> {
    const by = person.role === 'admin' ? null : person.id;
    return this.allowed(person, 'choice.read', async () => done({ choices: this.parts.choices.list(by) }));
  }

  revoke(person: Person, id: ChoiceId): Promise<Result<RememberedChoice>> {
    return this.allowed(person, 'choice.revoke', async () => {
      const { choices, log } = this.parts;
      const choice = choices.find(id);
      // What is another's reads as not found.
      if (choice === null || (person.role !== 'admin' && choice.by.id !== person.id)) return refuse('not_found');
      const revoked = await choices.revoke(id, (one) => revokedAct(one, person));
      if (revoked === null) return refuse('not_found');
      log.info({ choice: id, by: person.id }, 'a remembered choice was revoked');
      return done(revoked);
    });
  }

  private problemsOf(rules: readonly PolicyRule[]): readonly RuleProblem[] {
    return checkRules(rules, { teams: this.parts.teams() });
  }

  private async allowed<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, action);
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      this.parts.log.error({ err: error }, 'the rules could not be read or saved');
      return refuse('cannot_save');
    }
  }
}

function revokedAct(choice: RememberedChoice, person: Person): AuditDraft {
  const { choiceId, agent, server, tool, sessionId, by, revokedAt, madeAt } = choice;
  return {
    ...whoOf(person),
    act: 'choice.revoked',
    at: revokedAt ?? madeAt,
    about: { kind: 'choice', id: choiceId, name: `${server} · ${tool}` },
    why: null,
    facts: { agent: agent.id, madeBy: by.id, ...(sessionId === null ? {} : { session: sessionId }) },
  };
}

function whoOf({ id, name, from }: Person): Pick<AuditDraft, 'actor' | 'from'> {
  return { actor: { kind: 'person', id, name }, from: from ?? null };
}

/** The report with the names people know calls by. */
function readable(report: BacktestReport, past: ReadonlyMap<string, PastCall>): Backtest {
  const changes = report.changes.flatMap(({ callId, receivedAt, title, now, proposed }) => {
    const one = past.get(callId);
    if (one === undefined) return [];
    const { server, tool } = one.call;
    const before = { decision: now.decision, rule: now.rule };
    const { sessionId, agent } = one;
    return [
      { callId: one.callId, sessionId, receivedAt, title, server, tool, agent: agent.name, before, after: proposed },
    ];
  });
  const totals = report.totals.map(({ now, proposed, calls }) => ({ before: now, after: proposed, calls }));
  return { calls: report.calls, totals, changes };
}

function recorded({ callId, sessionId, call }: PastCall, question: PolicyQuestion): RecordedCall {
  const { receivedAt, title } = call;
  const ruleThen = call.rule?.id ?? '';
  const isDenied = call.state === 'rejected' && call.reason === call.rule?.words;
  // What a person or a choice let go had been held.
  const byPerson = ['approval', 'recovery', 'deadline'].includes(ruleThen) || ruleThen.startsWith('chc_');
  const wasHeld = byPerson || ['held', 'rejected', 'expired'].includes(call.state);
  const outcomeThen = isDenied ? 'deny' : wasHeld ? 'hold' : 'allow';
  return { callId, sessionId, receivedAt, title, question, outcomeThen, ruleThen };
}
