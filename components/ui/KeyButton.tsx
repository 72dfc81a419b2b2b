'use client';

import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './Button';
import type { KeyName } from './key-names';
import { useKeys } from './use-keys';

export interface KeyButtonProps extends Omit<ButtonProps, 'hint' | 'onClick'> {
  /** Does what the button does, while that is there and not off. */
  readonly of: KeyName;
  readonly onClick: () => void;
}

/** A button that opens something, and its key: for what commits, the key would need its guard. */
export function KeyButton({ of, onClick, ...rest }: KeyButtonProps): ReactNode {
  useKeys(rest.disabled === true ? [] : [{ ...of, guard: 'free', run: onClick }], of.words);
  return <Button {...rest} hint={of.keys.toUpperCase()} onClick={onClick} />;
}
