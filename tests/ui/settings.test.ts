import { describe, expect, test } from 'vitest';
import { safeNext } from '@/components/door/safe-next';
import { readPlace } from '@/components/admin/places/place-form';
import { deliveryWords } from '@/components/admin/places/delivery-words';
import { delegateOptions } from '@/components/settings/AwayTab';
import { awayWords } from '@/components/settings/away-words';
import {
  daysWords,
  localFieldText,
  minuteText,
  quietWords,
  readLocalField,
  readMinute,
} from '@/components/settings/clock-words';
import { curlExample } from '@/components/settings/curl-example';
import { readTab, tabHref, tabsFor } from '@/components/settings/tabs';
import { digestWords, same, startingFrom, zonesWith } from '@/components/settings/times';
import type { PersonId, RequestId } from '@/lib/domain/ids';
import { type DeliveryRow, teamKinds, usualPersonPreferences } from '@/lib/domain/notice';
import { isTimeZone } from '@/lib/domain/notice/local-time';

const now = new Date(2026, 10, 22, 14, 30).getTime();
const minuteMs = 60_000;

describe('quiet hours in words', () => {
  test('hours over midnight end on the next day', () => {
    expect(quietWords({ fromMinute: 18 * 60, toMinute: 8 * 60, days: [1, 2, 3, 4, 5] })).toBe(
      'Mon to Fri, from 18:00 to 08:00 of the next day',
    );
    expect(quietWords({ fromMinute: 0, toMinute: 450, days: [0, 6] })).toBe('Sat, Sun, from 00:00 to 07:30');
    expect(quietWords({ fromMinute: 60, toMinute: 60, days: [2] })).toBe('Tue, from 01:00 to 01:00 of the next day');
  });

  test('days are said from Monday on, in whatever order they were chosen', () => {
    expect(daysWords([0, 1, 2, 3, 4, 5, 6])).toBe('Every day');
    expect(daysWords([])).toBe('No day');
    expect(daysWords([0, 5, 6, 1])).toBe('Mon, Fri to Sun');
    expect(daysWords([3, 1])).toBe('Mon, Wed');
  });

  test('every minute of a day is read back as it is shown, and nothing else is', () => {
    for (let minute = 0; minute < 24 * 60; minute += 1) expect(readMinute(minuteText(minute))).toBe(minute);
    for (const text of ['', '24:00', '7:30', '12:60', 'noon']) expect(readMinute(text)).toBe(null);
  });
});

describe('a day and time of an absence', () => {
  test('is read back to the minute', () => {
    expect(readLocalField(localFieldText(now))).toBe(now);
    expect(readLocalField(localFieldText(now + 29_000))).toBe(now);
    for (const text of ['', '2026-11-22', 'tomorrow', '2026-13-40T25:61']) expect(readLocalField(text)).toBe(null);
  });

  test('is told with who stands in, and not once it is over', () => {
    const delegate = { id: 'per_ana' as PersonId, name: 'Ana Ruiz' };
    expect(awayWords({ untilAt: null, delegate: null }, now)).toEqual({ when: 'away', who: 'nobody stands in' });
    expect(awayWords({ untilAt: now + minuteMs, delegate }, now)).toEqual({
      when: 'away until 22 Nov, 14:31',
      who: 'Ana Ruiz stands in',
    });
    expect(awayWords({ untilAt: now, delegate }, now)).toBe(null);
    expect(awayWords(null, now)).toBe(null);
  });

  test('only who may answer can stand in, and one who is away is marked', () => {
    const colleague = (name: string, role: 'admin' | 'approver' | 'observer', untilAt: number | null) => ({
      id: `per_${name}` as PersonId,
      name,
      role,
      away: untilAt === null ? null : { untilAt, delegate: null },
    });
    const options = delegateOptions(
      [
        colleague('Olu', 'observer', null),
        colleague('Mika', 'admin', now + minuteMs),
        colleague('Ana', 'approver', null),
      ],
      now,
    );
    expect(options.map(({ label, description }) => [label, description])).toEqual([
      ['Nobody', 'What is assigned to you waits'],
      ['Ana', 'approver'],
      ['Mika', 'admin, away until 22 Nov, 14:31'],
    ]);
  });
});

describe('notification preferences', () => {
  test('those nobody chose yet follow the browser’s time zone; chosen ones stay', () => {
    expect(startingFrom(usualPersonPreferences, 'Europe/Berlin').timeZone).toBe('Europe/Berlin');
    const chosen = { ...usualPersonPreferences, digestMinutes: 60 };
    expect(startingFrom(chosen, 'Europe/Berlin')).toBe(chosen);
  });

  test('the order in which things were ticked is no change', () => {
    const { kinds } = usualPersonPreferences;
    const turned = { ...usualPersonPreferences, kinds: { ...kinds, desktop: kinds.desktop.toReversed() } };
    expect(same(usualPersonPreferences, turned)).toBe(true);
    expect(same(usualPersonPreferences, { ...turned, kinds: { ...kinds, email: [] } })).toBe(false);
    const quiet = { fromMinute: 0, toMinute: 60, days: [1, 2] as const };
    expect(same({ ...turned, quiet }, { ...turned, quiet: { ...quiet, days: [2, 1] } })).toBe(true);
    expect(same({ ...turned, quiet }, { ...turned, quiet: { ...quiet, toMinute: 61 } })).toBe(false);
  });

  test('every zone that is offered can be saved, and a chosen one is always among them', () => {
    const zones = zonesWith('Antarctica/Somewhere');
    expect(zones).toContain('Antarctica/Somewhere');
    expect(zones.length).toBeGreaterThan(300);
    expect(zonesWith('UTC').filter((zone) => !isTimeZone(zone))).toEqual([]);
  });

  test('a digest nobody here offers is still named', () => {
    expect(digestWords(null)).toBe('At once, each by itself');
    expect(digestWords(45)).toBe('Every 45 minutes');
  });
});

describe('where notifications go', () => {
  const good = { kind: 'webhook', team: '', url: ' https://example.com/x ', kinds: teamKinds } as const;

  test('a webhook may be for all, a Slack channel belongs to a team', () => {
    expect(readPlace(good)).toEqual({
      is: 'good',
      place: { kind: 'webhook', team: null, url: 'https://example.com/x', kinds: teamKinds },
    });
    expect(readPlace({ ...good, kind: 'slack' })).toMatchObject({
      is: 'bad',
      team: expect.stringMatching(/team/),
      url: null,
    });
    expect(readPlace({ ...good, kind: 'slack', team: 'payments' })).toMatchObject({ is: 'good' });
  });

  test('an address that is none, and nothing to tell of, are pointed out', () => {
    for (const url of ['', 'example.com', 'ftp://example.com', 'https://', 'javascript:alert(1)'])
      expect(readPlace({ ...good, url })).toMatchObject({ is: 'bad', url: expect.stringMatching(/https/) });
    expect(readPlace({ ...good, kinds: [] })).toMatchObject({ is: 'bad', kinds: 'Choose at least one.' });
  });
});

describe('the delivery log in words', () => {
  const row: DeliveryRow = {
    id: 'dlv_1',
    about: 'req_1' as RequestId,
    path: '/queue/req_1',
    kind: 'opened',
    channel: 'webhook',
    to: 'https://example.com',
    state: 'pending',
    attempts: 0,
    nextAt: now + minuteMs,
    lastError: null,
    lastStatus: null,
    createdAt: now,
    sentAt: null,
  };

  test.each([
    [{}, { is: 'waiting', state: 'waiting', detail: 'next 14:31:00' }],
    [{ nextAt: now - 1 }, { is: 'waiting', state: 'waiting', detail: 'next: now' }],
    [
      { attempts: 2, lastStatus: 503, lastError: 'It is busy.' },
      { is: 'again', state: 'trying again', detail: '2 tries · next 14:31:00 · 503: It is busy.' },
    ],
    [
      { state: 'sent', attempts: 1, sentAt: now },
      { is: 'sent', state: 'sent 14:30:00', detail: null },
    ],
    [
      { state: 'sent', attempts: 3, sentAt: now },
      { is: 'sent', state: 'sent 14:30:00', detail: 'after 3 tries' },
    ],
    [
      { state: 'failed', attempts: 1, lastStatus: 410, lastError: 'It answered 410.' },
      { is: 'failed', state: 'given up', detail: '1 try · It answered 410.' },
    ],
    [
      { state: 'dropped', lastError: 'It was answered.' },
      { is: 'dropped', state: 'not sent', detail: 'It was answered.' },
    ],
  ] as const)('%j', (change, words) => {
    expect(deliveryWords({ ...row, ...change }, now)).toEqual(words);
  });
});

describe('the settings’ tabs', () => {
  test('I11 places are for admins; each tab has its address', () => {
    expect(tabsFor('admin')).toContain('places');
    for (const role of ['approver', 'observer'] as const) expect(tabsFor(role)).not.toContain('places');
    for (const tab of tabsFor('admin'))
      expect(readTab(new URL(tabHref(tab), 'http://localhost').searchParams.get('tab'))).toBe(tab);
    expect(readTab('nonsense')).toBe('away');
  });
});

test('the example answers a request with the token, in one command', () => {
  const example = curlExample('https://holdpoint.example.com', 'hpp_x');
  expect(example).toContain('https://holdpoint.example.com/api/v1/requests/REQUEST_ID/answer');
  expect(example).toContain('Authorization: Bearer hpp_x');
  const body: unknown = JSON.parse(/-d '(.*)'/.exec(example)?.[1] ?? '');
  expect(body).toEqual({ operationId: 'my-bot-1', revision: 1, action: 'decline', reason: 'Not before Monday' });
});

test('nobody is sent back to a one-time link after signing in', () => {
  expect(safeNext('/settings?tab=tokens', 'https://holdpoint.example.com')).toBe('/settings?tab=tokens');
  expect(safeNext('/reset?token=x', 'https://holdpoint.example.com')).toBe('/queue');
});
