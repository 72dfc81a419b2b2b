import type { RawMessage } from '../raw';
import type { Pairing } from './pairing';
import { isFailure, partsOf } from './raw-part';

export interface RawFilter {
  readonly side: 'all' | RawMessage['side'];
  readonly direction: 'all' | RawMessage['direction'];
  /** Of requests, notifications, and the responses to them; null for all. */
  readonly method: string | null;
  readonly server: string | null;
  readonly only: 'all' | 'errors' | 'unpaired';
  readonly text: string;
}

export const noRawFilter: RawFilter = {
  side: 'all',
  direction: 'all',
  method: null,
  server: null,
  only: 'all',
  text: '',
};

/** What a message is searched by; made once for each. */
const texts = new WeakMap<RawMessage, string>();

function textOf(raw: RawMessage): string {
  const known = texts.get(raw);
  if (known !== undefined) return known;
  const made = `${raw.seq} ${raw.server ?? 'agent'} ${raw.stream} ${JSON.stringify(raw.message)}`.toLowerCase();
  texts.set(raw, made);
  return made;
}

export function methodsOf(raw: RawMessage, pairing: Pairing): readonly string[] {
  return partsOf(raw).flatMap(({ method }) => method ?? pairing.pairs.get(raw.seq)?.method ?? []);
}

/** Whether a message is shown. */
export function isShown(raw: RawMessage, filter: RawFilter, pairing: Pairing): boolean {
  const { side, direction, method, server, only, text } = filter;
  if (side !== 'all' && raw.side !== side) return false;
  if (direction !== 'all' && raw.direction !== direction) return false;
  if (server !== null && raw.server !== server) return false;
  if (only === 'errors' && !partsOf(raw).some(isFailure)) return false;
  if (only === 'unpaired' && !pairing.unpaired.has(raw.seq)) return false;
  if (method !== null && !methodsOf(raw, pairing).includes(method)) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === '' || textOf(raw).includes(wanted);
}

export function isFiltering(filter: RawFilter): boolean {
  return Object.entries(noRawFilter).some(([key, value]) => filter[key as keyof RawFilter] !== value);
}
