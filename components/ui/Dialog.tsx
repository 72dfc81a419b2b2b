'use client';

import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
import X from 'lucide-react/icons/x';
import { beginningOf } from './dialog-first';
import { giveBack } from './give-back';
import { IconButton } from './IconButton';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What has to be filled in; stays in sight with the buttons, however long the rest is. */
  readonly ask?: ReactNode;
  /** Buttons, the safe one first. */
  readonly footer?: ReactNode;
  readonly size?: 'md' | 'lg';
  /** `keys`: it is read, may be longer than the window, and begins with that. */
  readonly scrolls?: 'keys';
}

/**
 * A modal dialog, open while it is mounted. The native element keeps the focus inside, closes on Esc
 * and gives the focus back to what had it.
 */
export function Dialog({ title, onClose, children, ask, footer, size = 'md', scrolls }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.close();
      giveBack(before);
    };
  }, []);
  useBeginning(ref);
  useEffect(() => {
    const dialog = ref.current;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      onClose();
    };
    const onClick = (event: MouseEvent): void => {
      if (event.target === dialog) onClose();
    };
    dialog?.addEventListener('cancel', onCancel);
    dialog?.addEventListener('click', onClick);
    return () => {
      dialog?.removeEventListener('cancel', onCancel);
      dialog?.removeEventListener('click', onClick);
    };
  }, [onClose]);
  return (
    <dialog ref={ref} className={`dialog ${size === 'lg' ? 'wide-dialog' : ''}`} aria-labelledby={titleId}>
      <div className="dialog-in">
        <header className="dialog-h row">
          <h2 id={titleId} className="title grow">
            {title}
          </h2>
          <IconButton of={X} label="Close" onClick={onClose} />
        </header>
        <div
          className="dialog-b"
          {...(ask === undefined && scrolls === undefined ? {} : { tabIndex: 0, role: 'group', 'aria-label': title })}
          data-scrolls={scrolls}
        >
          {children}
        </div>
        {ask === undefined ? null : <div className="dialog-ask">{ask}</div>}
        {footer === undefined ? null : <footer className="dialog-f">{footer}</footer>}
      </div>
    </dialog>
  );
}

/** The focus where the dialog begins; once more when what it is about came late, or what had it is off or gone. */
function useBeginning(ref: RefObject<HTMLDialogElement | null>): void {
  const had = useRef<Element>(null);
  /** What it was put on for want of a better place. */
  const instead = useRef<Element | 'opening'>('opening');
  useEffect(() => {
    const dialog = ref.current;
    const onFocus = ({ target }: FocusEvent): void => {
      had.current = target instanceof Element ? target : null;
    };
    dialog?.addEventListener('focusin', onFocus);
    return () => {
      dialog?.removeEventListener('focusin', onFocus);
      instead.current = 'opening';
    };
  }, [ref]);
  useEffect(() => {
    const dialog = ref.current;
    const at = document.activeElement;
    if (dialog === null || (instead.current !== 'opening' && instead.current !== at && !isLost(had.current))) return;
    const beginning = beginningOf(dialog);
    beginning.element.focus();
    instead.current = beginning.is === 'instead' ? beginning.element : dialog;
  });
}

/** Whether what had the focus can have it no longer, and nothing else has it. */
function isLost(had: Element | null): boolean {
  return document.activeElement === document.body && had !== null && (!had.isConnected || had.matches(':disabled'));
}
