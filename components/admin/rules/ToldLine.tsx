import type { ReactNode } from 'react';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';

/** What just happened, and the way back where there is one. */
export interface Told {
  readonly words: string;
  readonly undo: (() => void) | null;
}

export const nothingTold: Told = { words: '', undo: null };

export interface ToldLineProps {
  readonly told: Told;
  /** A draft that was begun meanwhile is not replaced by what was dropped before. */
  readonly draft: 'none' | 'begun';
}

export function ToldLine({ told: { words, undo }, draft }: ToldLineProps): ReactNode {
  return (
    <div className="rl-told" data-told={words === '' ? 'no' : 'yes'}>
      <p role="status">{words}</p>
      {undo === null || draft === 'begun' ? null : (
        <Button size="sm" icon={Undo} onClick={undo}>
          Undo
        </Button>
      )}
    </div>
  );
}
