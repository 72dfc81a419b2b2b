import type { ReactNode } from 'react';
import ArrowRight from 'lucide-react/icons/arrow-right';
import Check from 'lucide-react/icons/check';
import Minus from 'lucide-react/icons/minus';
import PowerOff from 'lucide-react/icons/power-off';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import { defaultRuleIds, type PolicyVerdict } from '@/lib/domain/policy/decide';
import {
  approversWords,
  deadlineWords,
  matchWords,
  routeWords,
  ruleName,
  type TeamNames,
} from '@/lib/domain/policy/words';
import type { RulesTryReply } from '@/lib/protocol/command/rules';
import { DecisionTag, decisionLooks } from './DecisionTag';
import type { Tried } from './TryPanel';

export interface TryResultProps {
  readonly tried: Tried;
  readonly stale: 'stale' | 'fresh';
  readonly names: TeamNames;
}

const verdictWords = { allow: 'Sent at once', hold: 'Held for people', deny: 'Refused' } as const;

export function TryResult({ tried, stale, names }: TryResultProps): ReactNode {
  const { verdict, said } = tried.reply;
  return (
    <>
      {stale === 'stale' ? (
        <Note icon={TriangleAlert} tone="person">
          The call or the rules changed since. Try again.
        </Note>
      ) : null}
      <Verdict verdict={verdict} said={said} names={names} />
      <h2 className="rl-said-h">What each rule said</h2>
      <ol className="rl-said">
        {said.map(({ rule, match, error }, index) => (
          <li key={rule} data-decided={rule === verdict.rule.id ? 'yes' : undefined}>
            <span className="mono t3 num">{index + 1}</span>
            <span className="mono rl-said-id">{rule}</span>
            <Match match={match} />
            <span className="meta">{noteOf(tried, { rule, error })}</span>
          </li>
        ))}
        {[defaultRuleIds.allow, defaultRuleIds.hold].includes(verdict.rule.id as 'default-allow') ? (
          <li data-decided="yes">
            <span />
            <span className="rl-said-id">default</span>
            <DecisionTag of={verdict.decision} />
            <span className="meta">decided: no rule matched</span>
          </li>
        ) : null}
      </ol>
    </>
  );
}

interface VerdictProps {
  readonly verdict: PolicyVerdict;
  readonly said: RulesTryReply['said'];
  readonly names: TeamNames;
}

function Verdict({ verdict, said, names }: VerdictProps): ReactNode {
  const { decision, rule, terms } = verdict;
  const look = decisionLooks[decision];
  return (
    <div className={`note rl-verdict ${look.tone}`}>
      <Icon of={look.icon} />
      <div className="grow stack">
        <p className="rl-verdict-h">
          {verdictWords[decision]}
          <span className="t2"> by </span>
          <span className="mono">{ruleName(rule.id)}</span>
        </p>
        <p className="t2">{visibleText(rule.words)}</p>
        <p className="meta">{whyWords(verdict, said)}</p>
        {terms === null ? null : (
          <dl className="kv">
            <dt>Approve</dt>
            <dd>{approversWords(terms, names)}</dd>
            <dt>Asked</dt>
            <dd>{routeWords(terms, names)}</dd>
            <dt>Until</dt>
            <dd>{deadlineWords(terms)}</dd>
          </dl>
        )}
        {decision === 'deny' ? null : (
          <p className="meta">
            Questions of the server go to{' '}
            {verdict.questionsTeam === null ? 'everyone who may answer' : names(verdict.questionsTeam)};
            {verdict.sampling === 'model' ? ' the model replies unreviewed.' : ' a person reviews replies for a model.'}
          </p>
        )}
      </div>
    </div>
  );
}

/** Why it was this rule among those that matched. */
function whyWords({ decision, rule }: PolicyVerdict, said: RulesTryReply['said']): string {
  const own = said.find((one) => one.rule === rule.id);
  if (own === undefined) return 'No rule matched, so the default decides.';
  if (own.match === 'error')
    return 'It could not be read for this call. It may have been the one that decides, so a person is asked.';
  if (decision === 'deny') return 'A matching deny always wins, wherever it stands.';
  return 'It is the first that matches, and no deny matches.';
}

const matchLooks = { yes: Check, no: Minus, off: PowerOff, error: TriangleAlert } as const;

function Match({ match }: { readonly match: RulesTryReply['said'][number]['match'] }): ReactNode {
  return (
    <span className={`st rl-match ${match}`}>
      <Icon of={matchLooks[match]} size="sm" />
      {matchWords[match]}
    </span>
  );
}

function noteOf(
  { reply }: Tried,
  { rule, error }: { readonly rule: string; readonly error: string | null },
): ReactNode {
  if (error !== null) return visibleText(error);
  if (rule !== reply.verdict.rule.id) return '';
  return (
    <span className="row">
      <Icon of={ArrowRight} size="xs" /> decided
    </span>
  );
}
