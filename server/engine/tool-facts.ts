import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { isSecretKey, maskText } from '@/lib/domain/mask';
import type { ToolAnnotations } from '@/lib/domain/tool';
import { checkAgainstSchema } from './answer-schema';
import { oneLine } from './ask';

/** The annotations of a tool's definition, as its server wrote them. */
export function annotationsOf(definition: JsonObject): ToolAnnotations {
  const given = definition['annotations'];
  if (!isJsonObject(given)) return {};
  const flag = (key: string): boolean | undefined => (typeof given[key] === 'boolean' ? given[key] : undefined);
  const [readOnlyHint, destructiveHint, idempotentHint, openWorldHint] = [
    flag('readOnlyHint'),
    flag('destructiveHint'),
    flag('idempotentHint'),
    flag('openWorldHint'),
  ];
  return {
    ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
    ...(destructiveHint === undefined ? {} : { destructiveHint }),
    ...(idempotentHint === undefined ? {} : { idempotentHint }),
    ...(openWorldHint === undefined ? {} : { openWorldHint }),
    ...(typeof given['title'] === 'string' ? { title: oneLine(given['title']) } : {}),
  };
}

/** The name people read. */
export function titleOf(definition: JsonObject): string {
  if (typeof definition['title'] === 'string' && definition['title'] !== '') return definition['title'];
  const annotations = definition['annotations'];
  if (isJsonObject(annotations) && typeof annotations['title'] === 'string' && annotations['title'] !== '')
    return annotations['title'];
  return typeof definition['name'] === 'string' ? definition['name'] : 'A tool';
}

const objectCharacters = 60;

/** The first plain argument, so that two approvals of one tool can be told apart in a list. */
export function objectOf(given: JsonObject): string {
  for (const [key, value] of Object.entries(given)) {
    if (isSecretKey(key)) continue;
    if (typeof value === 'number') return `: ${value}`;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= objectCharacters)
      return `: ${maskText(value)}`;
  }
  return '';
}

/** What the tool would refuse these arguments for; null when nothing, or when it cannot be told. */
export function argumentErrors(definition: JsonObject, given: JsonObject): string | null {
  const check = checkAgainstSchema(definition['inputSchema'] ?? {}, given);
  if (check.kind !== 'invalid') return null;
  return check.errors
    .map((error) => (error.field === '' ? error.message : `${error.field}: ${error.message}`))
    .join('; ');
}
