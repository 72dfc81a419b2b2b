import type { ReactNode } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import { Banner } from '@/components/ui/Banner';
import { Button } from '@/components/ui/Button';
import type { Pause } from '@/lib/domain/pause';
import { pausedWords } from '@/lib/domain/pause-words';

export interface PauseStripProps {
  readonly pauses: readonly Pause[];
  readonly onShow: () => void;
}

/** Over every page, for everyone, while something is paused. */
export function PauseStrip({ pauses, onShow }: PauseStripProps): ReactNode {
  const widest = pauses.find(({ target }) => target.kind === 'everything') ?? pauses[0];
  if (widest === undefined) return null;
  const isAll = widest.target.kind === 'everything';
  const named = pauses.slice(0, 3).map(({ target }) => pausedWords(target));
  const more = pauses.length - named.length;
  return (
    <Banner
      icon={PauseIcon}
      tone="person"
      action={
        <Button size="sm" onClick={onShow}>
          {pauses.length === 1 ? 'Show' : `Show ${pauses.length}`}
        </Button>
      }
    >
      <b className="medium">
        {isAll ? 'Everything is paused.' : `Paused: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`}
      </b>{' '}
      New calls are refused, running ones go on.{' '}
      {isAll || pauses.length === 1 ? (
        <span className="pause-why">
          {widest.by.name}: “{widest.reason}”
        </span>
      ) : null}
    </Banner>
  );
}
