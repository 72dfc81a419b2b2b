'use client';

import type { ReactNode } from 'react';
import { Dialog } from '@/components/ui/Dialog';
import { useKeysChoice } from '@/components/ui/use-keys';
import type { Role } from '@/lib/domain/permission';
import { keyGroups } from './key-groups';

export interface KeysDialogProps {
  readonly role: Role;
  readonly path: string;
  readonly onClose: () => void;
}

export function KeysDialog({ role, path, onClose }: KeysDialogProps): ReactNode {
  const [choice, setChoice] = useKeysChoice();
  return (
    <Dialog title="Keys" onClose={onClose} size="lg" scrolls="keys">
      <div className="keys">
        {keyGroups(role, path).map(({ name, rows }) => (
          <section key={name}>
            <h3 className="h">{name}</h3>
            <dl>
              {rows.map(({ keys, words }) => (
                <div key={keys.join(' ')}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key} className="kbd">
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="toggle keys-toggle">
        <label htmlFor="keys-on">
          <span className="medium">Use keys</span>
          <small className="hint">They are off while you type, and wait a second when something new has opened.</small>
        </label>
        <input
          className="switch"
          id="keys-on"
          type="checkbox"
          role="switch"
          aria-checked={choice === 'on'}
          checked={choice === 'on'}
          onChange={(event) => setChoice(event.target.checked ? 'on' : 'off')}
        />
      </div>
    </Dialog>
  );
}
