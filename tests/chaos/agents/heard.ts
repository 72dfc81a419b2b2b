import { resultText } from '@/tests/chaos/canonical-json';
import type { Heard } from '@/tests/chaos/world';

/** What a `tools/call` result tells its agent, by the marks Holdpoint puts on its own words. */
export function heardIn(result: Readonly<Record<string, unknown>>): {
  readonly heard: Heard;
  readonly ticket: string | null;
} {
  const meta = fieldsOf(result['_meta']);
  const ticket = meta['holdpoint/ticket'];
  if (typeof ticket === 'string') return { heard: { as: 'ticket' }, ticket };
  const outcome = meta['holdpoint/outcome'];
  if (typeof outcome === 'string') {
    return { heard: { as: 'outcome', outcome, words: textOf(result) }, ticket: null };
  }
  return { heard: { as: 'result', result: resultText(result) }, ticket: null };
}

function textOf(result: Readonly<Record<string, unknown>>): string {
  const content: readonly unknown[] = Array.isArray(result['content']) ? result['content'] : [];
  return content.map((part) => plainText(fieldsOf(part)['text'])).join('\n');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
