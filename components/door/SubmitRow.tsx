import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import type { DoorForm } from './use-door-form';

export interface SubmitRowProps {
  readonly form: DoorForm;
  readonly words: string;
  readonly busyWords: string;
}

/** What went wrong, and the one button. */
export function SubmitRow({ form, words, busyWords }: SubmitRowProps): ReactNode {
  return (
    <>
      {form.problem === null ? null : (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {form.problem}
        </Note>
      )}
      <Button type="submit" look="primary" size="lg" aria-disabled={form.state !== 'ready'}>
        {form.state === 'ready' ? words : busyWords}
      </Button>
    </>
  );
}
