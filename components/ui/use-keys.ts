'use client';

import { useEffect, useRef } from 'react';
import { guardMs, type KeyBinding, type KeyPress, type KeyState, matchKey } from './key-match';
import { readPreference, usePreference, writePreference } from './preference';

const preference = 'keys';

interface Holder {
  readonly bindings: () => readonly KeyBinding[];
}

/** One listener for the page, so that a pair of keys is understood whoever holds its halves. */
const holders: Holder[] = [];
let state: KeyState = { prefix: null, takenAt: 0 };

/** Longer than that what was asked for does not come now. */
const heldMs = 2_000;
let heldUntil = 0;
let ahead = '';

/** While a box that a key opens is on its way, what is typed is kept for it; ended by what is returned. */
export function holdKeys(): () => void {
  heldUntil = performance.now() + heldMs;
  ahead = '';
  return () => {
    heldUntil = 0;
  };
}

/** What was typed ahead of a box, once. */
export function takeTypedAhead(): string {
  const typed = ahead;
  ahead = '';
  return typed;
}

/** Call when something new takes the focus: another request, a dialog closing, the window coming back. */
export function noteTaken(): void {
  state = { ...state, takenAt: performance.now() };
}

/** Whether something new took the focus only just now. */
export function isJustTaken(): boolean {
  return performance.now() - state.takenAt < guardMs;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if (performance.now() < heldUntil) return keep(event);
  if (readPreference(preference) === 'off') return;
  const outcome = matchKey(
    state,
    pressOf(event),
    holders.flatMap((holder) => holder.bindings()),
  );
  state = outcome.state;
  if (outcome.run === null) return;
  event.preventDefault();
  outcome.run.run();
}

function keep(event: KeyboardEvent): void {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || insideOf(event.target) === 'typing') return;
  event.preventDefault();
  ahead += event.key;
}

function pressOf(event: KeyboardEvent): KeyPress {
  return {
    key: event.key.length === 1 ? event.key.toLowerCase() : event.key,
    at: performance.now(),
    repeat: event.repeat ? 'held' : 'first',
    modified: event.ctrlKey || event.altKey || event.metaKey || event.isComposing ? 'modified' : 'plain',
    inside: insideOf(event.target),
  };
}

function insideOf(target: EventTarget | null): KeyPress['inside'] {
  if (!(target instanceof Element)) return 'page';
  if (document.querySelector('dialog:modal') !== null || target.closest('[role="menu"]') !== null) return 'dialog';
  if (target.closest('input, textarea, select, [contenteditable="true"]') !== null) return 'typing';
  return target.closest('button, a, summary') === null ? 'page' : 'control';
}

/** What keys do right now, for a list to pick from; of two for one key the one that has it. */
export function boundKeys(): readonly KeyBinding[] {
  const byKeys = new Map<string, KeyBinding>();
  for (const holder of holders) for (const binding of holder.bindings()) byKeys.set(binding.keys, binding);
  return [...byKeys.values()];
}

/** Listens for `bindings` while mounted. `subject` names the thing they act on; a change of it starts the guard. */
export function useKeys(bindings: readonly KeyBinding[], subject: string): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    const holder: Holder = { bindings: () => latest.current };
    if (holders.push(holder) === 1) {
      window.addEventListener('keydown', onKeyDown);
      window.addEventListener('focus', noteTaken);
    }
    return () => {
      holders.splice(holders.indexOf(holder), 1);
      if (holders.length > 0) return;
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('focus', noteTaken);
    };
  }, []);
  useEffect(() => noteTaken(), [subject]);
}

export type KeysChoice = 'on' | 'off';

export function useKeysChoice(): readonly [KeysChoice, (choice: KeysChoice) => void] {
  const choice: KeysChoice = usePreference(preference) === 'off' ? 'off' : 'on';
  return [choice, (next) => writePreference(preference, next)];
}
