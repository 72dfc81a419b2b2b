import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './Icon';
import { Kbd } from './Kbd';

export type ButtonLook = 'plain' | 'ghost' | 'primary' | 'danger' | 'danger-solid' | 'armed';
export type ButtonSize = 'sm' | 'md' | 'lg';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly look?: ButtonLook;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon | undefined;
  /** Its key, drawn at the end. */
  readonly hint?: string | undefined;
  /** Layout classes only. */
  readonly place?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words. For one with only an icon use `IconButton`. */
export function Button({
  look = 'plain',
  size = 'md',
  icon,
  hint,
  place = '',
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      className={`btn ${look === 'plain' ? '' : look} ${size === 'md' ? '' : size} ${place}`}
      aria-keyshortcuts={hint}
    >
      {icon === undefined ? null : <Icon of={icon} size="sm" />}
      {children}
      {hint === undefined ? null : <Kbd>{hint}</Kbd>}
    </button>
  );
}
