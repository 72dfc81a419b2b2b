import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import Send from 'lucide-react/icons/send';
import Unplug from 'lucide-react/icons/unplug';
import X from 'lucide-react/icons/x';
import Zap from 'lucide-react/icons/zap';
import { Icon } from '@/components/ui/Icon';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { visibleText } from '@/components/ui/visible-text';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { RecoveryAnswer, RecoveryAsk } from '@/lib/domain/recovery';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { amount } from '@/lib/domain/timeline/phrases';
import { readRecoveryAsk } from './recovery-ask';
import { firstName } from './words';

/** All that is known of a call whose outcome is not, in the order it happened. */
export function RecoveryFacts({
  detail,
  clockOffsetMs,
}: {
  readonly detail: RequestDetail;
  readonly clockOffsetMs: number;
}): ReactNode {
  const now = useNow(clockOffsetMs);
  const facts = factsOf(detail);
  return (
    <section className="r-facts" aria-label="What is known">
      <h2 className="h">What is known</h2>
      <ol className="trail timed">
        {facts.map((fact) => (
          <li key={`${fact.look} ${fact.at ?? ''} ${fact.words}`} className={fact.look}>
            <Icon of={fact.icon} size="xs" />
            <span>
              {fact.words}
              {fact.more === null ? null : <small>{fact.more}</small>}
            </span>
            <span className="mono t3">{fact.at === null ? '' : clockTimeFrom(fact.at, now)}</span>
          </li>
        ))}
        <li className="q">
          <Icon of={RotateCcw} size="xs" />
          <span>took effect or not: unknown</span>
          <span />
        </li>
      </ol>
    </section>
  );
}

interface Fact {
  readonly icon: LucideIcon;
  readonly look: 'ok' | 'bad' | 'warn';
  readonly words: string;
  readonly more: string | null;
  readonly at: number | null;
}

function factsOf({ ask: raw, call, request }: RequestDetail): readonly Fact[] {
  const ask = readRecoveryAsk(raw);
  const cut: Fact = {
    icon: Unplug,
    look: 'bad',
    words: ask === null ? 'cut off before its outcome came' : visibleText(ask.why),
    more: null,
    at: call?.state === 'held' && call.interrupted !== null ? call.interrupted.at : request.openedAt,
  };
  if (ask === null) return [cut];
  const happened = [...progressFact(ask), ...ask.answers.map((given) => answerFact(given, request.server))];
  const approvals = happened.filter(({ at }) => at !== null && at < ask.sentAt);
  const during = happened.filter((fact) => !approvals.includes(fact)).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return [...approvals, sentFact(ask, request.server), ...during, cut];
}

function sentFact({ runs, sentAt }: RecoveryAsk, server: string): Fact {
  const words = runs > 1 ? `sent to ${server} ${runs} times, the last time` : `sent to ${server}`;
  return { icon: Send, look: 'ok', words, more: null, at: sentAt };
}

function progressFact({ lastProgress: heard }: RecoveryAsk): readonly Fact[] {
  if (heard === null) return [];
  const count = heard.total === null ? amount(heard.progress) : `${amount(heard.progress)} of ${amount(heard.total)}`;
  const message = heard.message === null ? '' : `, ${plainLine(heard.message)}`;
  return [{ icon: Zap, look: 'ok', words: `last heard of: ${count}${message}`, more: null, at: heard.at }];
}

function answerFact(given: RecoveryAnswer, server: string): Fact {
  const verb = { accept: 'accepted', decline: 'declined', cancel: 'dismissed' }[given.action];
  const who = firstName(given.by);
  const icon = given.action === 'accept' ? Check : X;
  if (given.kind === 'approval') {
    return { icon, look: 'ok', words: `${who} approved it`, more: null, at: given.savedAt };
  }
  if (given.kind === 'recovery') {
    return { icon, look: 'ok', words: `${who} decided to run it again`, more: null, at: given.savedAt };
  }
  return {
    icon: given.acceptedAt === null ? CircleQuestionMark : icon,
    look: given.acceptedAt === null ? 'warn' : 'ok',
    words: `${who} ${verb} “${plainLine(given.title)}”`,
    more: given.acceptedAt === null ? `whether ${server} took the answer is not known` : `${server} took the answer`,
    at: given.savedAt,
  };
}
