import { describe, expect, it } from 'vitest';
import { safeNext } from '@/components/door/safe-next';

const origin = 'https://hold.example';

describe('where signing in leads', () => {
  it.each([
    '/queue',
    '/queue/req_7QF4M2K9XT0B',
    '/sessions?live=1#now',
    '/sessions/a%20b',
    '/apis',
    '/queue?next=//evil.example',
  ])('%s is ours', (next) => {
    expect(safeNext(next, origin)).toBe(next);
  });

  it.each([
    null,
    '',
    'queue',
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'https:evil.example',
    'https://hold.example@evil.example',
    'https://hold.example/queue',
    '//hold.example/queue',
    '/api/auth/sign-out',
    '/mcp',
    '/sign-in?next=/sign-in',
    `/${'a'.repeat(2_001)}`,
  ])('%j leads to the queue', (next) => {
    expect(safeNext(next, origin)).toBe('/queue');
  });
});
