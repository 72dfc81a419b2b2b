'use client';

import type { ReactNode } from 'react';
import { Dialog } from '@/components/ui/Dialog';
import { useKeysChoice } from '@/components/ui/use-keys';

const groups: readonly { readonly name: string; readonly rows: readonly (readonly [string, string])[] }[] = [
  {
    name: 'Queue',
    rows: [
      ['j', 'Next request'],
      ['k', 'Previous request'],
      ['Enter', 'Into the open request; to what is missing'],
      ['/', 'Search everything visible'],
      ['x', 'Select, to answer several together; Shift and a click select to there'],
      ['l', 'Select all that are like the open one: same kind, server and tool'],
      ['b', 'Answer the selected together'],
      ['n', 'Next open one, after an answer'],
      ['.', 'Show the new ones'],
      ['s', 'Save this view, once it is filtered, searched or sorted'],
    ],
  },
  {
    name: 'Everywhere',
    rows: [
      ['g q', 'Go to the queue'],
      ['g s', 'Go to the sessions'],
      ['Ctrl K', 'Search, go to, or do'],
      ['?', 'This list'],
    ],
  },
  {
    name: 'Request',
    rows: [
      ['c', 'Claim, or release the claim'],
      ['a', 'Accept; an approval takes it twice. Where something is missing it shows what'],
      ['Ctrl Enter', 'The same, from inside a field too: accept, decline, save or write the note'],
      ['v', 'Show all of the values'],
      ['e', 'Edit the arguments of an approval'],
      ['d', 'Decline, or give up, with a reason'],
      ['r', 'Run again, where the outcome is not known'],
      ['m', 'Remember my choice; have the model draft; mark as done by hand'],
      ['h', 'Hand over'],
      ['w', 'Write a note'],
      ['u', 'Undo an answer that was not sent yet'],
      ['Esc', 'Leave a field; not yet; close'],
    ],
  },
  {
    name: 'Sessions',
    rows: [
      ['j', 'Next session'],
      ['k', 'Previous session'],
      ['Enter', 'Open it'],
      ['x', 'Select, to end several together'],
      ['/', 'Search the sessions'],
    ],
  },
  {
    name: 'Session',
    rows: [
      ['j', 'Next event or message of the list'],
      ['k', 'Previous one'],
      ['/', 'Search them'],
      ['t', 'Go to a time'],
      ['Esc', 'Close the details'],
      ['↑ ↓', 'On a lane: from call to call'],
      ['← →', 'On a lane: from event to event; with Shift along the time'],
      ['+ - 0', 'On the timeline: closer, wider, all of it'],
    ],
  },
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [choice, setChoice] = useKeysChoice();
  return (
    <Dialog title="Keys" onClose={onClose} size="lg">
      <div className="keys">
        {groups.map(({ name, rows }) => (
          <section key={name}>
            <h3 className="h">{name}</h3>
            <dl>
              {rows.map(([keys, words]) => (
                <div key={keys}>
                  <dt>
                    {keys.split(' ').map((key) => (
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
