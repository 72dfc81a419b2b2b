import { expect, it } from 'vitest';
import { sentence } from '@/lib/domain/sentence';

it.each([
  ['Sign in first', 'Sign in first.'],
  ['Sign in first. ', 'Sign in first.'],
  ['Who are you?', 'Who are you?'],
  ['one moment…', 'one moment…'],
  ['  ', ''],
])('%j is closed once: %j', (words, closed) => {
  expect(sentence(words)).toBe(closed);
});
