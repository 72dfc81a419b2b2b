import type { SessionId, TeamId } from '@/lib/domain/ids';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { checkRules } from '../policy/check-rules';
import { ChoiceBook } from '../policy/choice-book';
import { RuleBook } from '../policy/rule-book';
import { migratePolicy, type PolicyDb } from '../policy/tables';
import type { AuditDue } from '../engine/ports/audit';
import type { Clock } from '../engine/ports/clock';
import type { Log } from '../engine/ports/log';
import { StartProblem } from './start-problem';

const sweepMs = 60_000;

export interface OpenPolicy {
  readonly rules: RuleBook;
  readonly choices: ChoiceBook;
  stop(): void;
}

/** The rules in force and the choices that are remembered. */
export async function openPolicy(
  parts: { readonly db: unknown; readonly clock: Clock; readonly log: Log; readonly audit?: AuditDue },
  how: { readonly first: readonly PolicyRule[]; readonly isLive: (id: SessionId) => boolean },
): Promise<OpenPolicy> {
  const { clock, log, audit } = parts;
  // The store's handle knows only its own tables; these are in the same database.
  const db = parts.db as PolicyDb;
  await migratePolicy(db);
  // A rule of the configuration names no team: teams are made in the browser.
  for (const { rule, message } of checkRules(how.first, { teams: [] }))
    throw new StartProblem(`Rule ${rule} of the configuration: ${message}`);
  const kept = audit === undefined ? {} : { audit };
  const rules = await RuleBook.open({ db, clock, log, ...kept }, how.first);
  const choices = await ChoiceBook.open({ db, clock, log, isLive: how.isLive, ...kept });
  return { rules, choices, stop: sweeping(choices, { clock, log }) };
}

/** Ends what ended by time or with its session; the returned function ends that. */
function sweeping(choices: ChoiceBook, { clock, log }: { readonly clock: Clock; readonly log: Log }): () => void {
  let cancel: () => void = () => undefined;
  const again = (): void => {
    cancel = clock.after(sweepMs, () => {
      choices
        .sweep()
        .catch((error: unknown) => log.warn({ err: error }, 'choices that are over could not be put away'))
        .finally(again);
    });
  };
  again();
  return () => cancel();
}

/** Which rule names a team, in words; null when none does. */
export function teamUse({ rules }: PolicyVersion, id: TeamId): string | null {
  const rule = rules.find(({ hold, questionsTeam }) => {
    const named = [questionsTeam, hold?.team, hold?.fallbackTeam, hold?.escalation?.team];
    return named.includes(id) || (hold?.approvals ?? []).some(({ team }) => team === id);
  });
  return rule === undefined ? null : `Rule ${rule.id} names it. Change the rule first.`;
}
