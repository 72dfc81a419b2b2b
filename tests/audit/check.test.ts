import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditDraft, type AuditPlace, auditStart } from '@/lib/domain/audit';
import { canonicalJson, type JsonObject } from '@/lib/domain/json';
import { checkLine, checkRow } from '@/server/store/audit/audit-check';
import { chained } from '@/server/store/audit/audit-rows';
import type { AuditRow } from '@/server/store/schema';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const draft: fc.Arbitrary<AuditDraft> = fc.record({
  act: fc.constantFrom('rules.saved', 'person.signed_in', 'request.answered'),
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  actor: fc.oneof(
    fc.constant({ kind: 'holdpoint' as const }),
    text.map((name) => ({ kind: 'server' as const, name })),
  ),
  from: fc.option(
    fc.record({ address: fc.option(text), by: fc.constant('browser' as const), client: fc.option(text) }),
  ),
  about: fc.record({ kind: fc.constant('session' as const), id: text, name: fc.option(text) }),
  why: fc.option(text),
  facts: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null))),
}) as fc.Arbitrary<AuditDraft>;
const chain = fc.array(draft, { minLength: 2, maxLength: 12 }).map((drafts) => [...chained(drafts, auditStart)]);

const plain: AuditDraft = {
  act: 'rules.saved',
  at: 1,
  actor: { kind: 'holdpoint' },
  from: null,
  about: { kind: 'rules', id: 'rules', name: null },
  why: null,
  facts: {},
};

/** The number of the first wrong entry; null when all is right. */
function brokenRow(rows: readonly AuditRow[]): number | null {
  let before: AuditPlace = auditStart;
  for (const row of rows) {
    const checked = checkRow(row, before);
    if (!checked.ok) return checked.broken.seq;
    before = row;
  }
  return null;
}

const linesOf = (rows: readonly AuditRow[]): string[] =>
  rows.map(({ body, hash }) => canonicalJson({ ...(JSON.parse(body) as JsonObject), hash }));

/** The number of the first wrong line, from 1; null when all is right. */
function brokenLine(lines: readonly string[]): number | null {
  let before: AuditPlace | null = null;
  for (const [at, line] of lines.entries()) {
    const checked = checkLine(line, before);
    if (!checked.ok) return at + 1;
    before = checked.entry;
  }
  return null;
}

/** The text with one bit of one byte the other way; null where that changes nothing that is read. */
function flipped(value: string, { at, bit }: { readonly at: number; readonly bit: number }): string | null {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length === 0) return null;
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  const after = bytes.toString('utf8');
  return after === value ? null : after;
}

const flip = fc.record({ at: fc.nat(), bit: fc.nat({ max: 7 }) });

describe('a chain of the audit log (I15)', () => {
  it('is right as it was written, whole or from any place on', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (rows, from) => {
        expect(brokenRow(rows)).toBeNull();
        expect(brokenLine(linesOf(rows))).toBeNull();
        expect(brokenLine(linesOf(rows).slice(from % rows.length))).toBeNull();
      }),
    );
  });

  it('shows any flipped bit of any column, at its entry', () => {
    fc.assert(
      fc.property(chain, fc.tuple(fc.nat(), fc.nat()), flip, (rows, [at, which], how) => {
        const row = rows[at % rows.length];
        if (row === undefined) return;
        const columns = ['act', 'actor_id', 'about_id', 'session_id', 'search', 'body', 'hash'] as const;
        const column = columns[which % columns.length] ?? 'body';
        const changed = flipped(row[column] ?? '', how);
        fc.pre(changed !== null);
        const broken = rows.map((one) => (one === row ? { ...row, [column]: changed } : one));
        expect(brokenRow(broken)).toBe(row.seq);
        expect(brokenRow(rows.map((one) => (one === row ? { ...row, at: row.at + 1 } : one)))).toBe(row.seq);
      }),
      { numRuns: 300 },
    );
  });

  it('shows any flipped bit of any line of an export, at its line', () => {
    fc.assert(
      fc.property(chain, fc.nat(), flip, (rows, at, how) => {
        const lines = linesOf(rows);
        const place = at % lines.length;
        const changed = flipped(lines[place] ?? '', how);
        fc.pre(changed !== null && !sameEntry(changed, lines[place] ?? ''));
        lines[place] = changed ?? '';
        expect(brokenLine(lines)).toBe(place + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('shows what was deleted, doubled or moved, at the first place that is not as it was', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), (rows, one, two) => {
        const [a, b] = [one % rows.length, two % rows.length];
        const without = rows.filter((_row, at) => at !== a);
        // Cut at the end it is right as far as it goes: that is what the seal is for.
        expect(brokenRow(without)).toBe(a === rows.length - 1 ? null : a + 1);
        expect(brokenLine(linesOf(without))).toBe(a === rows.length - 1 || a === 0 ? null : a + 1);
        fc.pre(a < b);
        const swapped = [...rows];
        [swapped[a], swapped[b]] = [rows[b] as AuditRow, rows[a] as AuditRow];
        expect(brokenRow(swapped)).toBe(a + 1);
        // Each number in its place, each body in another's.
        const renumbered = swapped.map((row, at) => ({ ...row, seq: at + 1 }));
        expect(brokenRow(renumbered)).toBe(a + 1);
        expect(brokenLine(linesOf(swapped))).toBe(a === 0 ? 2 : a + 1);
      }),
    );
  });

  it('shows an entry that was written anew with a hash of its own, at the next', () => {
    fc.assert(
      fc.property(chain, fc.nat(), draft, (rows, at, other) => {
        const place = at % (rows.length - 1);
        const before = place === 0 ? auditStart : (rows[place - 1] as AuditRow);
        const [forged] = chained([{ ...other, why: 'forged' }], before);
        const broken = rows.map((row, index) => (index === place ? (forged as AuditRow) : row));
        expect(brokenRow(broken)).toBe(place + 2);
        expect(brokenLine(linesOf(broken))).toBe(place + 2);
      }),
    );
  });

  it('does not take a misnamed null for one that is missing', () => {
    const [line = ''] = linesOf(chained([{ ...plain, from: null }], auditStart));
    expect(checkLine(line, null).ok).toBe(true);
    expect(checkLine(line.replace('"from"', '"grom"'), null)).toMatchObject({ ok: false });
  });

  it.each(['', '{}', 'null', '[]', '{"hash":"x"}', '{"hash":1}', 'no JSON', '{"seq":1,"hash":"a","prev":"b"}'])(
    'takes the line %j for no entry',
    (line) => {
      expect(checkLine(line, null)).toMatchObject({ ok: false, broken: { seq: 0 } });
    },
  );
});

function sameEntry(a: string, b: string): boolean {
  try {
    return canonicalJson(JSON.parse(a) as JsonObject) === b;
  } catch {
    return false;
  }
}
