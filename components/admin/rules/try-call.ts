import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { PolicyQuestion } from '@/lib/domain/policy/question';

type Hint = 'readOnlyHint' | 'destructiveHint' | 'idempotentHint' | 'openWorldHint';
export type Said = 'unsaid' | 'yes' | 'no';

export const hints: readonly { readonly hint: Hint; readonly label: string }[] = [
  { hint: 'readOnlyHint', label: 'Read-only' },
  { hint: 'destructiveHint', label: 'Destructive' },
  { hint: 'idempotentHint', label: 'Idempotent' },
  { hint: 'openWorldHint', label: 'Open world' },
];

/** A made-up call as it is typed. */
export interface CallForm {
  readonly server: string;
  readonly trusted: boolean;
  readonly tool: string;
  readonly description: string;
  readonly hints: { readonly [H in Hint]: Said };
  readonly agent: string;
  readonly owner: string;
  readonly client: string;
  readonly args: string;
}

export const emptyCall: CallForm = {
  server: '',
  trusted: true,
  tool: '',
  description: '',
  hints: { readOnlyHint: 'unsaid', destructiveHint: 'unsaid', idempotentHint: 'unsaid', openWorldHint: 'unsaid' },
  agent: '',
  owner: '',
  client: '',
  args: '{}',
};

export interface TriedCall {
  readonly server: string;
  readonly trusted: boolean;
  readonly tool: string;
  readonly description: string;
  readonly annotations: Pick<PolicyQuestion['tool']['annotations'], Hint>;
  readonly agent: string;
  readonly owner: string | null;
  readonly client: string | null;
  readonly args: JsonObject;
}

export type ReadCall =
  | { readonly ok: true; readonly call: TriedCall }
  | { readonly ok: false; readonly problems: { readonly [F in 'server' | 'tool' | 'args']?: string } };

export function readCall(form: CallForm): ReadCall {
  const args = readArguments(form.args);
  const problems = {
    ...(form.server.trim() === '' ? { server: 'Name the server.' } : {}),
    ...(form.tool.trim() === '' ? { tool: 'Name the tool.' } : {}),
    ...(typeof args === 'string' ? { args } : {}),
  };
  if (typeof args === 'string' || Object.keys(problems).length > 0) return { ok: false, problems };
  const said = hints.filter(({ hint }) => form.hints[hint] !== 'unsaid');
  return {
    ok: true,
    call: {
      server: form.server.trim(),
      trusted: form.trusted,
      tool: form.tool.trim(),
      description: form.description,
      annotations: Object.fromEntries(said.map(({ hint }) => [hint, form.hints[hint] === 'yes'])),
      agent: form.agent.trim(),
      owner: form.owner.trim() === '' ? null : form.owner.trim(),
      client: form.client.trim() === '' ? null : form.client.trim(),
      args,
    },
  };
}

/** The arguments, or what is wrong with their text. */
function readArguments(text: string): JsonObject | string {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : 'Arguments are one JSON object, such as { "amount": 120 }.';
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}
