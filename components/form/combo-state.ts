import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Option } from '@/lib/domain/form/field';
import { matchingOptions, optionsAtOnce } from '@/components/form/matching-options';

type ListState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly search: string; readonly active: number };

const closed: ListState = { kind: 'closed' };

export interface Combo {
  readonly shown: 'open' | 'closed';
  /** What the text field holds: the search while open, what is picked while closed. */
  readonly text: string;
  readonly found: readonly Option[];
  /** How many more match than are drawn. */
  readonly rest: number;
  /** Index into `found`; -1 when nothing is pointed at. */
  readonly active: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly type: (text: string) => void;
  readonly pick: (option: Option) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** A text field that searches a list of options; nothing is picked but by Enter or a click on a row. */
export function useCombo(
  options: readonly Option[],
  picked: Option | undefined,
  onPick: (value: string) => void,
): Combo {
  const [state, setState] = useState<ListState>(closed);
  const matches = matchingOptions(options, state.kind === 'open' ? state.search : '');
  const found = matches.slice(0, optionsAtOnce);
  const active = state.kind === 'open' ? Math.min(state.active, found.length - 1) : -1;
  const pickedWords = picked?.label ?? '';
  const open = (): void => {
    const start = options.slice(0, optionsAtOnce).findIndex((option) => option.value === picked?.value);
    if (state.kind === 'closed') setState({ kind: 'open', search: '', active: start });
  };
  const pick = (option: Option): void => {
    onPick(option.value);
    setState(closed);
  };
  const type = (text: string): void => {
    // The closed field shows what is picked; the first key starts a search instead of changing that text.
    const search = state.kind === 'closed' && text.startsWith(pickedWords) ? text.slice(pickedWords.length) : text;
    setState({ kind: 'open', search, active: 0 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moveFor(event.key);
    const pointed = found[active];
    if (move === null && event.key !== 'Enter' && (event.key !== 'Escape' || state.kind === 'closed')) return;
    event.preventDefault();
    if (event.key === 'Escape') {
      event.stopPropagation();
      setState(closed);
    } else if (state.kind === 'closed') open();
    else if (move !== null) setState({ ...state, active: Math.max(0, Math.min(found.length - 1, active + move)) });
    else if (pointed !== undefined) pick(pointed);
  };
  return {
    shown: state.kind,
    text: state.kind === 'open' ? state.search : pickedWords,
    found,
    rest: matches.length - found.length,
    active,
    open,
    close: () => setState(closed),
    type,
    pick,
    onKeyDown,
  };
}

function moveFor(key: string): number | null {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return 8;
    case 'PageUp':
      return -8;
    default:
      return null;
  }
}
