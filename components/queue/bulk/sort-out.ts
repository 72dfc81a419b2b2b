import type { RequestId } from '@/lib/domain/ids';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { BulkRead } from './bulk-props';
import { shapeOf } from './shape';

export interface LeftOut {
  readonly id: RequestId;
  /** Null when not even that could be read. */
  readonly title: string | null;
  readonly why: string;
}

/** The largest group of one shape among what was read, and why the rest is not in it. */
export interface Sorted {
  readonly details: readonly RequestDetail[];
  readonly kind: 'approval' | 'form';
  readonly name: string;
  readonly leftOut: readonly LeftOut[];
}

interface Group {
  readonly kind: Sorted['kind'];
  readonly name: string;
  readonly details: RequestDetail[];
}

export function sortOut(reads: readonly BulkRead[]): Sorted {
  const groups = new Map<string, Group>();
  const leftOut: LeftOut[] = [];
  for (const read of reads) {
    if (!read.ok) {
      leftOut.push({ id: read.id, title: null, why: read.why });
      continue;
    }
    const { detail } = read;
    const { request, allowed } = detail;
    const out = (why: string): void => void leftOut.push({ id: read.id, title: request.title, why });
    const shape = shapeOf(detail);
    if (request.state !== 'open') out('It is over already.');
    else if (!allowed.answer.ok) out(allowed.answer.why ?? 'You may not answer it.');
    else if (!shape.ok) out(shape.why);
    else {
      const group = groups.get(shape.key) ?? { kind: shape.kind, name: shape.name, details: [] };
      group.details.push(detail);
      groups.set(shape.key, group);
    }
  }
  const [largest, ...others] = [...groups.values()].toSorted((a, b) => b.details.length - a.details.length);
  // One alone is not a group, unless it was picked alone: what is left of several, for example.
  const isGroup = largest !== undefined && (largest.details.length > 1 || reads.length === 1);
  const first = isGroup ? largest : undefined;
  const rest = isGroup || largest === undefined ? others : [largest, ...others];
  for (const { name, details } of rest)
    for (const { request } of details)
      leftOut.push({
        id: request.requestId,
        title: request.title,
        why: isGroup
          ? `It asks something else: ${name}. Answer it after these.`
          : 'No other selected one asks the same.',
      });
  return { details: first?.details ?? [], kind: first?.kind ?? 'approval', name: first?.name ?? '', leftOut };
}
