import { adminKeys, auditKeys } from '@/components/admin/admin-keys';
import { queueKeys } from '@/components/queue/queue-keys';
import { requestKeys } from '@/components/request/request-keys';
import { sessionKeys, sessionsKeys } from '@/components/session/session-keys';
import type { KeyName } from '@/components/ui/key-names';
import { may, type Role } from '@/lib/domain/permission';
import { adminPlaces, isAt, overviewPlace, queuePlace, sessionsPlace } from './places';
import { shellKeys } from './shell-keys';

export interface KeyRow {
  /** As they are drawn: `g`, `q`. */
  readonly keys: readonly string[];
  readonly words: string;
}

export interface KeyGroup {
  readonly name: string;
  readonly rows: readonly KeyRow[];
}

interface Part {
  readonly name: string;
  /** Where its keys act; null for everywhere. */
  readonly at: ((path: string) => boolean) | null;
  readonly of: Readonly<Record<string, KeyName>>;
  /** What more is to be said of a key. */
  readonly more?: Readonly<Record<string, string>>;
  /** What fields, lanes and plots do with keys themselves. */
  readonly beside?: readonly (readonly [keys: string, words: string])[];
}

const within =
  (href: string) =>
  (path: string): boolean =>
    isAt(path, href);

const parts: readonly Part[] = [
  {
    name: 'Queue',
    at: within(queuePlace.href),
    of: queueKeys,
    more: {
      '/': ' everything visible',
      x: '; Shift and a click select to there',
      l: ': same kind, server and tool',
      s: ', once it is filtered, searched or sorted',
    },
  },
  {
    name: 'Request',
    at: within(queuePlace.href),
    of: requestKeys,
    more: { a: '; an approval takes it twice. Where something is missing it shows what' },
    beside: [['Ctrl Enter', 'The same, from inside a field too: accept, decline, save or write the note']],
  },
  {
    name: 'Everywhere',
    at: null,
    of: shellKeys,
    beside: [
      ['Ctrl K', 'Search, go to, or do'],
      ['Ctrl Enter', 'Send the form whose field you are in'],
      ['Esc', 'Leave a field; close what is open'],
    ],
  },
  { name: 'Sessions', at: (path) => path === sessionsPlace.href, of: sessionsKeys, beside: [['Enter', 'Open it']] },
  {
    name: 'Session',
    at: (path) => path !== sessionsPlace.href && isAt(path, sessionsPlace.href),
    of: sessionKeys,
    beside: [
      ['↑ ↓', 'On a lane: from call to call'],
      ['← →', 'On a lane: from event to event; with Shift along the time'],
      ['+ - 0', 'On the timeline: closer, wider, all of it'],
    ],
  },
  {
    name: 'Overview',
    at: within(overviewPlace.href),
    of: {},
    beside: [['← →', 'On a plot: from bar to bar; Home and End: to its ends']],
  },
];

const ofAdmins: readonly Part[] = [
  {
    name: 'Rules, servers, agents, people',
    at: (path) => adminPlaces.some(({ href }) => href !== '/audit' && isAt(path, href)),
    of: adminKeys,
    beside: [['Alt ↑ ↓', 'On a rule: move it']],
  },
  { name: 'Audit', at: within('/audit'), of: auditKeys },
];

/** Every key there is for someone, those of where they are first. */
export function keyGroups(role: Role, path: string): readonly KeyGroup[] {
  const all = may(role, 'audit.read') ? [...parts, ...ofAdmins] : parts;
  const bare = path.split('?')[0] ?? '';
  const here = all.filter(({ at }) => at?.(bare) === true);
  return [...here, ...all.filter((part) => !here.includes(part))].map(groupOf);
}

/** Of one key all that it does stands in one row. */
function groupOf({ name, of, more = {}, beside = [] }: Part): KeyGroup {
  const byKeys = new Map<string, string>();
  for (const { keys, words } of Object.values(of)) {
    const before = byKeys.get(keys);
    byKeys.set(keys, before === undefined ? words : `${before}; ${words[0]?.toLowerCase()}${words.slice(1)}`);
  }
  const rows = [...byKeys].map(([keys, words]): KeyRow => ({ keys: drawn(keys), words: words + (more[keys] ?? '') }));
  return { name, rows: [...rows, ...beside.map(([keys, words]): KeyRow => ({ keys: drawn(keys), words }))] };
}

function drawn(keys: string): readonly string[] {
  return keys.split(' ').map((key) => (key === 'Escape' ? 'Esc' : key));
}
