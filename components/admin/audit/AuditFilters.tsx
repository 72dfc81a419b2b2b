'use client';

import { type FormEvent, type ReactNode, type Ref, useEffect, useState } from 'react';
import ListFilter from 'lucide-react/icons/list-filter';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import { auditActs } from '@/lib/domain/audit';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { actWords } from './act-words';
import { actOf, dayAt, dayText, isWhole } from './audit-query';

const dayMs = 86_400_000;
const typingMs = 300;

interface Props {
  readonly look: AuditLook;
  readonly search: Ref<HTMLInputElement>;
  readonly onLook: (look: AuditLook) => void;
  /** To the last entry of a day. */
  readonly onDay: (dayAt: number) => void;
}

/** What narrows the log; on a phone all but the search is folded away. */
export function AuditFilters({ look, search, onLook, onDay }: Props): ReactNode {
  const [shown, setShown] = useState<'folded' | 'open'>('folded');
  const isOpen = shown === 'open';
  const folded = [look.act, look.fromAt, look.toAt].filter((part) => part !== null).length;
  return (
    <search className="au-filters" data-shown={shown}>
      <TextField look={look} search={search} onLook={onLook} />
      <Button
        size="sm"
        icon={ListFilter}
        place="au-fold"
        aria-expanded={isOpen}
        onClick={() => setShown(isOpen ? 'folded' : 'open')}
      >
        Filters{folded === 0 ? null : <span className="count">{folded}</span>}
      </Button>
      <div className="au-more">
        <label className="au-field">
          <span className="sr">What was done</span>
          <select
            className="input sm"
            value={look.act ?? ''}
            onChange={(event) => onLook({ ...look, act: actOf(event.target.value) })}
          >
            <option value="">Everything</option>
            {auditActs.map((act) => (
              <option key={act} value={act}>
                {actWords[act]}
              </option>
            ))}
          </select>
        </label>
        <DayField label="From" at={look.fromAt} onAt={(fromAt) => onLook({ ...look, fromAt })} />
        <DayField
          label="To"
          at={look.toAt === null ? null : look.toAt - dayMs}
          onAt={(at) => onLook({ ...look, toAt: at === null ? null : at + dayMs })}
        />
        <JumpField onDay={onDay} />
      </div>
      {look.who === null ? null : <Chip words={`By ${look.who}`} onGone={() => onLook({ ...look, who: null })} />}
      {look.about === null ? null : (
        <Chip words={`About ${look.about}`} onGone={() => onLook({ ...look, about: null })} />
      )}
      {isWhole(look) ? null : (
        <Button size="sm" look="ghost" onClick={() => onLook(wholeAudit)}>
          Show all
        </Button>
      )}
    </search>
  );
}

/** Looked for a moment after the last key, or at once with Enter. */
function TextField({ look, search, onLook }: Omit<Props, 'onDay'>): ReactNode {
  const [typed, setTyped] = useState(look.text ?? '');
  const wanted = typed.trim() === '' ? null : typed.trim();
  const [seen, setSeen] = useState(look.text);
  // Changed from elsewhere, such as by going back.
  if (seen !== look.text) {
    setSeen(look.text);
    if (wanted !== look.text) setTyped(look.text ?? '');
  }
  useEffect(() => {
    if (wanted === look.text) return;
    const timer = setTimeout(() => onLook({ ...look, text: wanted }), typingMs);
    return () => clearTimeout(timer);
  }, [wanted, look, onLook]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onLook({ ...look, text: wanted });
  };
  return (
    <form className="au-field au-text" onSubmit={submit}>
      <input
        ref={search}
        className="input sm"
        type="search"
        aria-label="Search the audit log"
        placeholder="Names, reasons, addresses"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </form>
  );
}

function DayField({
  label,
  at,
  onAt,
}: {
  readonly label: string;
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
}): ReactNode {
  return (
    <label className="au-field au-day">
      <span className="t3">{label}</span>
      <input
        className="input sm"
        type="date"
        value={dayText(at)}
        onChange={(event) => onAt(dayAt(event.target.value))}
      />
    </label>
  );
}

/** Goes there and narrows nothing. While a date is typed it is no day yet, so it waits for Enter or the button. */
function JumpField({ onDay }: Pick<Props, 'onDay'>): ReactNode {
  const [day, setDay] = useState('');
  const at = dayAt(day);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (at !== null) onDay(at);
  };
  return (
    <form className="au-field au-day au-jump" onSubmit={submit}>
      <label className="au-field">
        <span className="t3">Go to</span>
        <input className="input sm" type="date" value={day} onChange={(event) => setDay(event.target.value)} />
      </label>
      <Button size="sm" type="submit" disabled={at === null} aria-label="Go to that day">
        Go
      </Button>
    </form>
  );
}

function Chip({ words, onGone }: { readonly words: string; readonly onGone: () => void }): ReactNode {
  return (
    <Button size="sm" icon={X} onClick={onGone} title={`${words}. Press to show others too.`}>
      {words}
    </Button>
  );
}
