import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './Icon';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'children'> {
  readonly of: LucideIcon;
  /** What it does; read aloud and shown as its title. */
  readonly label: string;
  readonly place?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** Never for something destructive: that takes words. */
export function IconButton({ of, label, place = '', ...rest }: IconButtonProps): ReactNode {
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={`btn ghost icon sm ${place}`}>
      <Icon of={of} size="sm" />
    </button>
  );
}
