import { type MaskedPart, type MaskingRule, maskedParts, maskingNameMost } from '@/lib/domain/masking/rule';
import { keptForEver, keptKinds, type Retention, retentionProblem } from '@/lib/domain/retention';
import type { ConfigSource, Entry, Property } from './config-source';
import { readDuration } from './duration';

/** What `holdpoint.keeping` says for a database that has nothing of it yet. */
export interface KeepingEntry {
  readonly masking: readonly MaskingRule[];
  /** Null when it says nothing of it. */
  readonly retention: Retention | null;
}

export const keepingDefaults: KeepingEntry = { masking: [], retention: null };

const known = [...keptKinds, 'masking'];
const ruleKeys = ['name', 'path', 'in', 'server', 'tool'];
const timeWords = 'a time such as "30d" or "12h", or "forever"';

/** Paths are looked at when Holdpoint starts, by what follows them. */
export function readKeeping(source: ConfigSource, property: Property | undefined): KeepingEntry {
  if (property === undefined) return keepingDefaults;
  const fields = source.record(property, { known, expected: `an object with ${known.join(', ')}` });
  if (fields === null) return keepingDefaults;
  const times = keptKinds.flatMap((kind) => {
    const field = fields.get(kind);
    return field === undefined ? [] : [[kind, readKept(source, field)] as const];
  });
  const retention: Retention = { ...keptForEver, ...Object.fromEntries(times) };
  const problem = retentionProblem(retention);
  if (problem !== null) source.report(property, problem);
  const masking = fields.get('masking');
  return {
    retention: times.length === 0 ? null : retention,
    masking: masking === undefined ? [] : readMasking(source, masking),
  };
}

function readKept(source: ConfigSource, property: Property): number | null {
  const value: unknown = property.node.value;
  if (value === 'forever') return null;
  const keptMs = typeof value === 'string' ? readDuration(value) : null;
  if (keptMs === null) source.report(property, `expected ${timeWords}.`);
  return keptMs;
}

function readMasking(source: ConfigSource, property: Property): readonly MaskingRule[] {
  const items = source.items(property, 'a list of masking rules') ?? [];
  return items.flatMap((item, index) => readRule(source, item, `rule ${index + 1}`) ?? []);
}

function readRule(source: ConfigSource, item: Entry, fallbackName: string): MaskingRule | null {
  const expected = 'a masking rule, such as { "path": "$.customer.iban" }';
  const fields = source.record(item, { known: ruleKeys, expected });
  if (fields === null) return null;
  const text = (key: string, words: string): string | null => {
    const field = fields.get(key);
    const found = field === undefined ? null : source.text(field, words);
    if (found !== '' || field === undefined) return found;
    source.report(field, `expected ${words}.`);
    return null;
  };
  const path = text('path', 'a JSON path (RFC 9535)');
  if (path === null) {
    if (!fields.has('path')) source.report(item, 'expected "path", a JSON path such as "$.customer.iban".');
    return null;
  }
  const name = text('name', 'a few words') ?? fallbackName;
  return {
    name: name.slice(0, maskingNameMost),
    path,
    parts: readParts(source, fields.get('in')),
    server: text('server', 'a pattern such as "bank" or "bank-*"'),
    tool: text('tool', 'a pattern such as "get_*"'),
  };
}

/** Everywhere when it does not say. */
function readParts(source: ConfigSource, property: Property | undefined): readonly MaskedPart[] {
  const everywhere: readonly MaskedPart[] = ['arguments', 'results', 'answers'];
  if (property === undefined) return everywhere;
  const words = `one of ${maskedParts.join(', ')}`;
  const items = source.items(property, `a list of ${maskedParts.join(', ')}`) ?? [];
  const parts = items.flatMap((item) => {
    const found = maskedParts.find((part) => part === source.text(item, words));
    if (found === undefined) source.report(item, `expected ${words}.`);
    return found ?? [];
  });
  if (items.length === 0) source.report(property, `expected at least ${words}.`);
  return [...new Set(parts)];
}
