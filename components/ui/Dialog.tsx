'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import X from 'lucide-react/icons/x';
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
  /** `keys`: nothing in it takes the focus, and it may be longer than the window. */
  readonly scrolls?: 'keys';
}

const firstToFill = [
  '.dialog-ask :is(input, textarea, select):enabled',
  '[data-first]',
  'form :is(input:not([type="radio"], [type="checkbox"]), textarea, select):enabled',
].join();

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
    // What has to be filled in comes first, not the way out.
    dialog.querySelector<HTMLElement>(firstToFill)?.focus();
    return () => {
      dialog.close();
      // What opened it may be gone with what was done: then the page itself, not its beginning.
      const back = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main');
      back?.focus();
    };
  }, []);
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
        >
          {children}
        </div>
        {ask === undefined ? null : <div className="dialog-ask">{ask}</div>}
        {footer === undefined ? null : <footer className="dialog-f">{footer}</footer>}
      </div>
    </dialog>
  );
}
