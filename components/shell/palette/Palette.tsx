'use client';

import {
  type KeyboardEvent,
  type MouseEvent as Pointing,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import Search from 'lucide-react/icons/search';
import { Icon } from '@/components/ui/Icon';
import { giveBack } from '@/components/ui/give-back';
import { useTypedAhead } from '@/components/ui/use-typed-ahead';
import { matching, type PaletteEntry, type PaletteGroup, stepped } from './palette-entries';

export interface PaletteProps {
  readonly groups: readonly PaletteGroup[];
  /** Asks the server; null when it could not be asked. */
  readonly onFind: (text: string) => Promise<PaletteGroup | null>;
  readonly onClose: () => void;
}

/** A combobox in a modal dialog: typing narrows, arrows choose, Enter does it. */
export function Palette({ groups, onFind, onClose }: PaletteProps): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(typed, onFind);
  const dialog = useOpenDialog(onClose);
  useTypedAhead(setTyped);
  const shown = [...matching(groups, typed), ...(found.group === null ? [] : [found.group])];
  const entries = shown.flatMap((group) => group.entries);
  const chosen = Math.min(at, Math.max(0, entries.length - 1));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, typed]);
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    // After the dialog has given the focus back, so that what is done may move it.
    setTimeout(entry.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(entries[chosen]);
    else if (step !== undefined) setAt(stepped(entries.length, chosen, step));
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="dialog palette" aria-label="Search and go to">
      <div className="palette-in">
        <div className="palette-find">
          <Icon of={Search} />
          <input
            className="palette-text"
            role="combobox"
            aria-label="Search and go to"
            aria-controls={`${id}-list`}
            aria-activedescendant={entries.length === 0 ? undefined : `${id}-${chosen}`}
            aria-expanded={true}
            {...combobox}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd className="kbd">Esc</kbd>
        </div>
        <div ref={list} className="palette-list scroll" id={`${id}-list`} role="listbox" aria-label="What was found">
          <Groups groups={shown} chosen={chosen} id={id} onRun={run} onPoint={setAt} />
        </div>
        <p className="palette-foot meta" role="status">
          {footWords(found.state, entries.length)}
        </p>
      </div>
    </dialog>
  );
}

const combobox = {
  'aria-autocomplete': 'list',
  placeholder: 'Where to, or what to do',
  autoComplete: 'off',
  spellCheck: false,
  maxLength: 200,
} as const;

interface GroupsProps {
  readonly groups: readonly PaletteGroup[];
  readonly chosen: number;
  readonly id: string;
  readonly onRun: (entry: PaletteEntry) => void;
  readonly onPoint: (index: number) => void;
}

function Groups({ groups, chosen, id, onRun, onPoint }: GroupsProps): ReactNode {
  let index = -1;
  return groups.map(({ name, entries }, order) => (
    <div key={name} role="group" aria-labelledby={`${id}-g${order}`}>
      <div className="menu-label" id={`${id}-g${order}`} role="presentation">
        {name}
      </div>
      {entries.map((entry) => {
        index += 1;
        const mine = index;
        return (
          <div
            key={entry.id}
            id={`${id}-${mine}`}
            className="menu-row palette-row"
            role="option"
            aria-selected={mine === chosen}
            tabIndex={-1}
            {...pointed({ onPoint: () => mine !== chosen && onPoint(mine), onRun: () => onRun(entry) })}
          >
            {entry.icon === undefined ? <span className="palette-gap" /> : <Icon of={entry.icon} size="sm" />}
            <span className="cut">{entry.label}</span>
            {entry.detail === undefined ? null : <span className="meta cut palette-detail">{entry.detail}</span>}
            <span className="grow" />
            {entry.keys === undefined ? null : <Keys keys={entry.keys} />}
          </div>
        );
      })}
    </div>
  ));
}

/** The input keeps the focus and has the keys: an option is only pointed at. */
function pointed({ onPoint, onRun }: { readonly onPoint: () => void; readonly onRun: () => void }): object {
  return {
    onPointerMove: onPoint,
    onMouseDown: (event: Pointing) => event.preventDefault(),
    onClick: onRun,
  };
}

function Keys({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className="row palette-keys">
      {keys.split(' ').map((key) => (
        <kbd key={key} className="kbd">
          {key.length === 1 ? key.toUpperCase() : key}
        </kbd>
      ))}
    </span>
  );
}

function footWords(state: Found['state'], count: number): string {
  if (state === 'asking') return 'Searching everything visible…';
  if (state === 'away') return 'Requests could not be searched: there is no connection.';
  return count === 0 ? 'Nothing found. Requests are found by title, server, tool, agent, team or id.' : '';
}

interface Found {
  readonly state: 'idle' | 'asking' | 'found' | 'away';
  readonly group: PaletteGroup | null;
}

const findAfterMs = 150;
const shortest = 2;

function useFound(typed: string, onFind: PaletteProps['onFind']): Found {
  const text = typed.trim();
  const [found, setFound] = useState<Found & { readonly text: string }>({ state: 'idle', group: null, text: '' });
  useEffect(() => {
    if (text.length < shortest) return;
    let state: 'wanted' | 'left' = 'wanted';
    const timer = setTimeout(() => {
      void onFind(text).then((group) => {
        if (state === 'wanted')
          setFound({
            state: group === null ? 'away' : 'found',
            group: group?.entries.length === 0 ? null : group,
            text,
          });
      });
    }, findAfterMs);
    return () => {
      state = 'left';
      clearTimeout(timer);
    };
  }, [text, onFind]);
  if (text.length < shortest) return { state: 'idle', group: null };
  return found.text === text ? found : { state: 'asking', group: found.group };
}

/** Open while it is mounted; the browser keeps the focus inside and gives it back. */
function useOpenDialog(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    const onCancel = (event: Event): void => {
      event.preventDefault();
      latest.current();
    };
    const onClick = (event: MouseEvent): void => {
      if (event.target === dialog) latest.current();
    };
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('click', onClick);
    return () => {
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('click', onClick);
      dialog.close();
      giveBack(before);
    };
  }, []);
  return ref;
}
