import { plainLine, plainLines } from '@/lib/domain/form/plain-text';
import { isJsonObject, type Json } from '@/lib/domain/json';

/** The parts of `elicitation/create` a person is shown. Its words come from the server and are only ever text. */
export interface ElicitationAsk {
  readonly message: string;
  readonly requestedSchema: Json | null;
  readonly url: string | null;
}

export function readElicitation(ask: Json | null): ElicitationAsk {
  if (!isJsonObject(ask)) return { message: '', requestedSchema: null, url: null };
  return {
    message: typeof ask.message === 'string' ? plainLines(ask.message) : '',
    requestedSchema: ask.requestedSchema ?? null,
    url: typeof ask.url === 'string' ? ask.url : null,
  };
}

/** The tool's own description of itself, empty when it has none. */
export function toolDescription(tool: Json | null): string {
  return isJsonObject(tool) && typeof tool.description === 'string' ? plainLines(tool.description) : '';
}

/** Whether a title already says all of a message, so that it is not shown twice. */
export function saysSame(title: string, message: string): boolean {
  return plainLine(message) === plainLine(title);
}
