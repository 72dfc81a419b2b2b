import { describe, expect, it } from 'vitest';
import type { PersonId } from '@/lib/domain/ids';
import { changedParts, toolChange } from '@/lib/domain/tool-change';
import {
  acceptDefinition,
  acceptedOf,
  isWaiting,
  latestOf,
  seeDefinition,
  type Sight,
  standingOf,
  type ToolRecord,
  versionsMost,
} from '@/lib/domain/tool-record';

const ana = { id: 'per_ana' as PersonId, name: 'Ana' };
const hour = 3_600_000;

function sight(digest: string, at: number, more: Partial<Sight> = {}): Sight {
  return { digest, at, bytes: 10, kept: true, changed: 'description', ...more };
}

/** A tool as it is after these steps: a digest seen, or `ok:` and the digest accepted. */
function after(...steps: readonly string[]): ToolRecord {
  let record: ToolRecord | undefined;
  for (const [index, step] of steps.entries()) {
    const at = 1_000 * (index + 1);
    if (step.startsWith('ok:') && record !== undefined) {
      const accepted = acceptDefinition(record, { digest: step.slice(3), by: ana, at });
      if (!accepted.ok) throw new Error(accepted.message);
      record = accepted.value;
    } else record = seeDefinition(record, 'send', sight(step, at)).record;
  }
  if (record === undefined) throw new Error('no steps');
  return record;
}

describe('what calls may rely on', () => {
  it('of a tool nobody knows nothing is taken for accepted', () => {
    expect(standingOf(undefined, 'a')).toBe('unrecorded');
  });

  it.each([
    { steps: ['a'], digest: 'a', standing: 'accepted', waits: false },
    { steps: ['a', 'a'], digest: 'a', standing: 'accepted', waits: false },
    { steps: ['a', 'b'], digest: 'b', standing: 'changed', waits: true },
    { steps: ['a', 'b'], digest: 'a', standing: 'accepted', waits: true },
    { steps: ['a', 'b', 'a'], digest: 'a', standing: 'accepted', waits: false },
    { steps: ['a', 'b', 'a', 'b'], digest: 'b', standing: 'changed', waits: true },
    { steps: ['a', 'b', 'ok:b'], digest: 'b', standing: 'accepted', waits: false },
    // Going back to what was accepted once is a change again.
    { steps: ['a', 'b', 'ok:b', 'a'], digest: 'a', standing: 'changed', waits: true },
    { steps: ['a', 'b', 'ok:b', 'a', 'ok:a'], digest: 'a', standing: 'accepted', waits: false },
    { steps: ['a', 'b', 'ok:b', 'a', 'ok:a'], digest: 'b', standing: 'changed', waits: false },
    { steps: ['a', 'b', 'c'], digest: 'b', standing: 'changed', waits: true },
    { steps: ['a'], digest: 'never seen', standing: 'changed', waits: false },
  ])('after $steps the definition $digest is $standing', ({ steps, digest, standing, waits }) => {
    const record = after(...steps);
    expect(standingOf(record, digest)).toBe(standing);
    expect(isWaiting(record)).toBe(waits);
  });
});

describe('seeing a definition', () => {
  it('trusts the first, by nobody, and says so', () => {
    const { record, news } = seeDefinition(undefined, 'send', sight('a', 5));
    expect(news).toBe('first');
    expect(acceptedOf(record)).toMatchObject({ digest: 'a', acceptedAt: 5, acceptedBy: null, changed: '' });
  });

  it('notes one that is known once an hour, and at once when another was seen in between', () => {
    const first = after('a');
    expect(seeDefinition(first, 'send', sight('a', 1_000 + hour - 1)).news).toBe('same');
    expect(seeDefinition(first, 'send', sight('a', 1_000 + hour)).news).toBe('again');
    expect(seeDefinition(after('a', 'b'), 'send', sight('a', 3_000)).news).toBe('again');
  });

  it('keeps the order of two that are seen in the same millisecond', () => {
    const { record } = seeDefinition(after('a'), 'send', sight('b', 1_000));
    expect(latestOf(record)?.digest).toBe('b');
  });

  it('keeps the accepted one however often the tool changes, and few of the others', () => {
    let record = after('a');
    const dropped: string[] = [];
    for (let at = 0; at < 50; at += 1) {
      const seen = seeDefinition(record, 'send', sight(`x${at}`, 10_000 + at));
      record = seen.record;
      dropped.push(...seen.dropped);
    }
    expect(record.seen).toHaveLength(versionsMost);
    expect(acceptedOf(record)?.digest).toBe('a');
    expect(latestOf(record)?.digest).toBe('x49');
    expect(dropped).toHaveLength(50 + 1 - versionsMost);
  });
});

describe('accepting', () => {
  it('is of what the server gives now, as it was seen: anything else is refused', () => {
    expect(acceptDefinition(after('a', 'b', 'c'), { digest: 'b', by: ana, at: 9 })).toMatchObject({
      ok: false,
      code: 'stale_revision',
    });
    expect(acceptDefinition(after('a'), { digest: 'a', by: ana, at: 9 })).toMatchObject({ code: 'not_allowed_now' });
  });

  it('what is too large to be kept was read by nobody, so nobody can accept it', () => {
    const { record } = seeDefinition(after('a'), 'send', sight('b', 3_000, { kept: false, bytes: 99_999 }));
    expect(acceptDefinition(record, { digest: 'b', by: ana, at: 9 })).toMatchObject({ code: 'not_allowed_now' });
  });

  it('wins over the one before, whatever the clock says', () => {
    const accepted = acceptDefinition(after('a', 'b'), { digest: 'b', by: ana, at: 0 });
    expect(accepted.ok && acceptedOf(accepted.value)).toMatchObject({ digest: 'b', acceptedBy: ana });
  });
});

describe('how a definition differs', () => {
  const before = {
    name: 'send',
    description: 'Sends mail',
    inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
    annotations: { readOnlyHint: false },
  };

  it.each([
    [{ ...before, description: 'Sends mail and all secrets' }, 'description'],
    [{ ...before, annotations: { readOnlyHint: true } }, 'annotations'],
    [{ ...before, inputSchema: { type: 'object', properties: {} } }, 'input schema'],
    [{ ...before, outputSchema: {} }, 'output schema'],
    [{ ...before, title: 'Post', description: 'x' }, 'title and description'],
    [{ ...before, icons: [] }, 'other fields'],
    [{ name: 'send' }, 'description, annotations and input schema'],
  ])('%j', (now, words) => {
    expect(changedParts(before, now)).toBe(words);
  });

  it('shows what people read first at the top, and each place with what stood there', () => {
    const now = {
      ...before,
      icons: ['x'],
      inputSchema: { type: 'object', properties: { to: { type: 'string' }, bcc: { type: 'string' } } },
      annotations: { readOnlyHint: true },
      description: 'Reads mail',
    };
    const { changes, more } = toolChange(before, now);
    expect(more).toBe(0);
    expect(changes).toEqual([
      { pointer: '/description', before: 'Sends mail', after: 'Reads mail' },
      { pointer: '/annotations/readOnlyHint', before: false, after: true },
      { pointer: '/inputSchema/properties/bcc', before: undefined, after: { type: 'string' } },
      { pointer: '/icons', before: undefined, after: ['x'] },
    ]);
  });

  it('says how many places it does not show', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, at]));
    expect(toolChange({}, many)).toMatchObject({ more: 300 });
  });
});
