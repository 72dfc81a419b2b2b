import type { KeyName } from './key-names';

/** What a key press looks like to the rules below; a KeyboardEvent is read into it once. */
export interface KeyPress {
  readonly key: string;
  readonly at: number;
  readonly repeat: 'first' | 'held';
  /** Ctrl, Alt, Meta, or a half-typed character. */
  readonly modified: 'plain' | 'modified';
  /** Where it was pressed: typing fields take every key but Esc, buttons and links keep Enter, dialogs keep all. */
  readonly inside: 'page' | 'typing' | 'control' | 'dialog';
}

export interface KeyBinding extends KeyName {
  /** Acts on the thing shown, so it stays off for a second after another thing took its place. */
  readonly guard: 'guarded' | 'free';
  readonly run: () => void;
}

export interface KeyState {
  /** The first key of a pair, and when. */
  readonly prefix: { readonly key: string; readonly at: number } | null;
  /** When something new last took the focus. */
  readonly takenAt: number;
}

/** Keys never act on something new in its first second. */
export const guardMs = 1_000;
/** How long the first key of a pair waits for the second. */
export const pairMs = 1_500;

export interface KeyOutcome {
  readonly state: KeyState;
  readonly run: KeyBinding | null;
}

/** Which binding a key press fires. The last given wins, so what was opened last has the keys. */
export function matchKey(state: KeyState, press: KeyPress, bindings: readonly KeyBinding[]): KeyOutcome {
  const idle: KeyOutcome = { state: { ...state, prefix: null }, run: null };
  if (press.modified === 'modified') return { state, run: null };
  if (press.inside === 'dialog' || press.inside === 'typing') return idle;
  if (press.inside === 'control' && (press.key === 'Enter' || press.key === ' ')) return idle;
  const waiting = state.prefix !== null && press.at - state.prefix.at <= pairMs ? state.prefix.key : null;
  const keys = waiting === null ? press.key : `${waiting} ${press.key}`;
  const binding = bindings.findLast((candidate) => candidate.keys === keys);
  if (binding !== undefined) return mayRun(state, press, binding) ? { ...idle, run: binding } : idle;
  // The second key of a pair never acts alone: `g a` is not `a`.
  if (waiting !== null) return idle;
  const starts = bindings.some((candidate) => candidate.keys.startsWith(`${press.key} `));
  return starts ? { state: { ...state, prefix: { key: press.key, at: press.at } }, run: null } : idle;
}

function mayRun(state: KeyState, press: KeyPress, binding: KeyBinding): boolean {
  if (binding.guard === 'free') return true;
  return press.repeat === 'first' && press.at - state.takenAt >= guardMs;
}
