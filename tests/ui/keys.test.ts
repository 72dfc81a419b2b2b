import { describe, expect, test } from 'vitest';
import { guardMs, type KeyBinding, type KeyPress, type KeyState, matchKey, pairMs } from '@/components/ui/key-match';
import { keyNames } from '@/components/ui/key-names';
import { nextFocus } from '@/components/ui/menu-focus';

const run = (): void => undefined;
const bind = (keys: string, guard: KeyBinding['guard'] = 'free'): KeyBinding => ({
  ...keyNames({ it: [keys, keys] }).it,
  guard,
  run,
});
const bindings = [bind('j'), bind('a', 'guarded'), bind('q'), bind('g q'), bind('g s'), bind('Enter'), bind('Escape')];
const rested: KeyState = { prefix: null, takenAt: 0 };
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  at: 10_000,
  repeat: 'first',
  modified: 'plain',
  inside: 'page',
  ...more,
});
const fired = (state: KeyState, given: KeyPress): string | null => matchKey(state, given, bindings).run?.keys ?? null;

describe('which binding a key fires', () => {
  test('a plain key on the page fires', () => {
    expect(fired(rested, press('j'))).toBe('j');
    expect(fired(rested, press('z'))).toBeNull();
  });

  test('keys are off inside inputs, menus and dialogs, and with a modifier', () => {
    expect(fired(rested, press('j', { inside: 'typing' }))).toBeNull();
    expect(fired(rested, press('Escape', { inside: 'typing' }))).toBeNull();
    expect(fired(rested, press('j', { inside: 'dialog' }))).toBeNull();
    expect(fired(rested, press('a', { modified: 'modified' }))).toBeNull();
  });

  test('a button keeps its own Enter but not the letters', () => {
    expect(fired(rested, press('Enter', { inside: 'control' }))).toBeNull();
    expect(fired(rested, press('j', { inside: 'control' }))).toBe('j');
  });

  test('a guarded key never acts on something new in its first second', () => {
    const fresh: KeyState = { prefix: null, takenAt: 10_000 - guardMs + 1 };
    expect(fired(fresh, press('a'))).toBeNull();
    expect(fired(fresh, press('j'))).toBe('j');
    expect(fired({ ...fresh, takenAt: 10_000 - guardMs }, press('a'))).toBe('a');
  });

  test('a held key never decides', () => {
    expect(fired(rested, press('a', { repeat: 'held' }))).toBeNull();
    expect(fired(rested, press('j', { repeat: 'held' }))).toBe('j');
  });

  test('two keys make a pair, and its second half never acts alone', () => {
    const first = matchKey(rested, press('g'), bindings);
    expect(first.run).toBeNull();
    expect(fired(first.state, press('q', { at: 10_100 }))).toBe('g q');
    expect(fired(first.state, press('a', { at: 10_100 }))).toBeNull();
    expect(matchKey(first.state, press('a', { at: 10_100 }), bindings).state.prefix).toBeNull();
    expect(fired(first.state, press('q', { at: 10_001 + pairMs }))).toBe('q');
  });

  test('what was bound last has the key', () => {
    const late: KeyBinding = { ...bind('j'), words: 'late' };
    expect(matchKey(rested, press('j'), [...bindings, late]).run?.words).toBe('late');
  });
});

describe('moving through a menu', () => {
  test('arrows wrap round, Home and End jump, other keys are not ours', () => {
    expect(nextFocus('ArrowDown', 2, 3)).toBe(0);
    expect(nextFocus('ArrowUp', 0, 3)).toBe(2);
    expect(nextFocus('ArrowUp', -1, 3)).toBe(2);
    expect(nextFocus('Home', 2, 3)).toBe(0);
    expect(nextFocus('End', 0, 3)).toBe(2);
    expect(nextFocus('a', 0, 3)).toBeNull();
    expect(nextFocus('ArrowDown', 0, 0)).toBeNull();
  });
});
