import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type IconSize = 'xs' | 'sm' | 'md';

const sizeClass: { readonly [S in IconSize]: string } = { xs: 'i i-xs', sm: 'i i-sm', md: 'i' };

export interface IconProps {
  readonly of: LucideIcon;
  /** 12, 14 or 16 px. */
  readonly size?: IconSize;
}

/** An icon always stands beside words, so it says nothing to assistive technology. */
export function Icon({ of: Drawing, size = 'md' }: IconProps): ReactNode {
  return <Drawing className={sizeClass[size]} aria-hidden="true" focusable="false" />;
}
