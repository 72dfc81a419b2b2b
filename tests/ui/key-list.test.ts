import { describe, expect, test } from 'vitest';
import { adminKeys, auditKeys } from '@/components/admin/admin-keys';
import { queueKeys } from '@/components/queue/queue-keys';
import { requestKeys } from '@/components/request/request-keys';
import { sessionKeys, sessionsKeys } from '@/components/session/session-keys';
import { keyGroups } from '@/components/shell/key-groups';
import { shellKeys } from '@/components/shell/shell-keys';
import { readSourceTree } from '@/tests/support/source-tree';

const groups = { adminKeys, auditKeys, queueKeys, requestKeys, sessionKeys, sessionsKeys, shellKeys };
const code = readSourceTree().filter(({ path }) => path.startsWith('components/'));
const named = Object.entries(groups).flatMap(([group, names]) =>
  Object.entries(names).map(([name, key]) => [group, name, key] as const),
);

describe('the list of keys', () => {
  test('has every group there is', () => {
    const made = code.flatMap(({ text }) =>
      [...text.matchAll(/export const (\w+) = keyNames\(/g)].map(([, name]) => name),
    );
    expect(new Set(made)).toEqual(new Set(Object.keys(groups)));
  });

  test.each(named)('%s.%s stands in it, and is bound', (group, name, key) => {
    const drawn = key.keys.replace('Escape', 'Esc');
    const rows = keyGroups('admin', '/queue').flatMap((each) => each.rows);
    const words = rows.filter(({ keys }) => keys.join(' ') === drawn).map((row) => row.words.toLowerCase());
    expect(words.filter((each) => each.includes(key.words.toLowerCase()))).not.toEqual([]);
    const bound = code
      .filter(({ path }) => !/-keys\.ts$|key-groups\.ts$/.test(path) || path.includes('/use-'))
      .filter(({ text }) => new RegExp(`\\b${group}\\.${name}\\b`).test(text));
    expect(bound.map(({ path }) => path)).not.toEqual([]);
  });

  test('begins with the keys of where one is', () => {
    expect(keyGroups('admin', '/audit?q=rules').map(({ name }) => name)[0]).toBe('Audit');
    expect(
      keyGroups('approver', '/queue/req_1?q=a')
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['Queue', 'Request']);
    expect(keyGroups('approver', '/sessions').map(({ name }) => name)[0]).toBe('Sessions');
    expect(keyGroups('observer', '/sessions/ses_1').map(({ name }) => name)[0]).toBe('Session');
  });

  test('names what admins have to admins alone', () => {
    expect(keyGroups('approver', '/queue').map(({ name }) => name)).not.toContain('Audit');
    expect(keyGroups('admin', '/queue').map(({ name }) => name)).toContain('Audit');
  });

  test('says of one key once what it does', () => {
    for (const { rows } of keyGroups('admin', '/queue')) {
      const keys = rows.map((row) => row.keys.join(' '));
      expect(keys).toEqual([...new Set(keys)]);
    }
  });
});
