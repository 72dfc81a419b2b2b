import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { ActionState } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';

export interface FormButtonsProps {
  /** The id of the form they belong to. */
  readonly form: string;
  readonly verb: string;
  /** Said while it is being done. */
  readonly busy: string;
  readonly icon?: LucideIcon;
  readonly state: ActionState;
  readonly onClose: () => void;
}

/** The foot of a dialog with a form. */
export function FormButtons({ form, verb, busy, icon, state, onClose }: FormButtonsProps): ReactNode {
  const isBusy = state.is === 'busy';
  return (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Cancel
      </Button>
      <Button size="lg" look="primary" icon={icon} type="submit" form={form} disabled={isBusy}>
        {isBusy ? busy : verb}
      </Button>
    </>
  );
}

/** The server's refusal, where it belongs. */
export function Refused({ state }: { readonly state: ActionState }): ReactNode {
  if (state.is !== 'refused') return null;
  return (
    <Note icon={TriangleAlert} tone="danger" live="alert">
      {state.message}
    </Note>
  );
}
