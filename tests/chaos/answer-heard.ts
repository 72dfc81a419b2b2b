import { canonicalJson } from '@/tests/chaos/canonical-json';
import type { AnswerContent } from '@/tests/chaos/world';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON-RPC response to a question, in the words of the person who gave it. */
export function answerHeard(response: unknown): AnswerContent {
  const { result, error } = fieldsOf(response);
  if (error !== undefined) return answerOfError(String(fieldsOf(error)['message']));
  const { action, content, role, _meta } = fieldsOf(result);
  if (role === 'assistant') {
    return { action: 'accept', content: canonicalJson({ text: fieldsOf(content)['text'] }), reason: null };
  }
  const reason = fieldsOf(_meta)['holdpoint/reason'];
  return {
    action: action === 'accept' || action === 'decline' ? action : 'cancel',
    content: content === undefined ? null : canonicalJson(content),
    reason: typeof reason === 'string' ? reason : null,
  };
}

/** Sampling has no action on the wire: a refusal is an error in words. */
function answerOfError(message: string): AnswerContent {
  const declined = /^A person declined the sampling request(?:: (.*)|\.)$/s.exec(message);
  if (declined !== null) return { action: 'decline', content: null, reason: declined[1] ?? null };
  const dismissed = /^The sampling request was dismissed(?:: (.*)|\.)$/s.exec(message);
  return { action: 'cancel', content: null, reason: dismissed?.[1] ?? message };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
