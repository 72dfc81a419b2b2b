import { type AuditAct, auditActs } from '@/lib/domain/audit';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';

const dayMs = 86_400_000;

/** The look an address holds; what cannot be read is left open. Days are those of UTC, as in an export. */
export function readAuditLook(query: URLSearchParams): AuditLook {
  const act = query.get('act');
  const to = dayAt(query.get('to'));
  return {
    act: auditActs.find((one) => one === act) ?? null,
    who: text(query.get('who')),
    about: text(query.get('about')),
    fromAt: dayAt(query.get('from')),
    toAt: to === null ? null : to + dayMs,
    text: text(query.get('q')),
  };
}

/** The entry that an address has open. */
export function readEntry(query: URLSearchParams): number | null {
  const text = query.get('entry') ?? '';
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** Where one entry is found, among all of them. */
export function entryHref(seq: number): string {
  return auditHref(wholeAudit, seq);
}

/** Where a look is found, with an entry open or none. */
export function auditHref(look: AuditLook, entry: number | null = null): string {
  const query = new URLSearchParams();
  const { act, who, about, fromAt, toAt } = look;
  if (act !== null) query.set('act', act);
  if (who !== null) query.set('who', who);
  if (about !== null) query.set('about', about);
  if (fromAt !== null) query.set('from', dayText(fromAt));
  if (toAt !== null) query.set('to', dayText(toAt - dayMs));
  if (look.text !== null) query.set('q', look.text);
  if (entry !== null) query.set('entry', String(entry));
  const words = query.toString();
  return words === '' ? '/audit' : `/audit?${words}`;
}

/** The history of one request, session, person or other thing. */
export function aboutHref(id: string): string {
  return auditHref({ ...wholeAudit, about: id });
}

export function isWhole(look: AuditLook): boolean {
  return auditHref(look) === '/audit';
}

export function dayText(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString().slice(0, 10);
}

export function dayAt(day: string | null): number | null {
  if (day === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = Date.parse(day);
  return Number.isFinite(at) && at >= 0 ? at : null;
}

export function actOf(value: string): AuditAct | null {
  return auditActs.find((one) => one === value) ?? null;
}

function text(value: string | null): string | null {
  const words = value?.trim().slice(0, 200) ?? '';
  return words === '' ? null : words;
}
