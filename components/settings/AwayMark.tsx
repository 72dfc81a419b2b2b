import type { ReactNode } from 'react';
import CalendarOff from 'lucide-react/icons/calendar-off';
import { Status } from '@/components/ui/Status';
import type { Away } from '@/lib/domain/team';
import { awayWords } from './away-words';

export interface AwayMarkProps {
  readonly away: Away | null;
  readonly now: number;
}

/** Says that someone is out of office, until when and who stands in; nothing while they are there. */
export function AwayMark({ away, now }: AwayMarkProps): ReactNode {
  const words = awayWords(away, now);
  if (words === null) return null;
  return (
    <span className="st-away">
      <Status icon={CalendarOff} tone="person">
        {words.when}
      </Status>
      <span className="meta">{words.who}</span>
    </span>
  );
}
