import type { Limits, ServerOrder, ServerSettings } from '@/lib/domain/server';

/** One header as it stands in the form; `kept`: its value is there and is not shown. */
export interface HeaderLine {
  readonly key: number;
  readonly name: string;
  readonly value: string;
  readonly was: 'kept' | 'typed';
}

export interface ServerForm {
  readonly name: string;
  readonly kind: 'url' | 'agentcore';
  readonly url: string;
  readonly arn: string;
  readonly qualifier: string;
  readonly headers: readonly HeaderLine[];
  readonly trusted: 'on' | 'off';
  readonly repeatable: string;
  readonly limits: { readonly [L in keyof Limits]: string };
}

/** Servers commonly drop what was quiet for half an hour: pinged in good time (MCP.md). */
const usualIdleMinutes = '10';

export const emptyForm: ServerForm = {
  name: '',
  kind: 'url',
  url: '',
  arn: '',
  qualifier: '',
  headers: [],
  trusted: 'off',
  repeatable: '',
  limits: { requestMs: '', idleMs: usualIdleMinutes, lifetimeMs: '', streamMs: '' },
};

const minuteMs = 60_000;

export function formOf(name: string, settings: ServerSettings): ServerForm {
  const { target, headers, trusted, repeatable, limits } = settings;
  const minutes = (ms: number | null): string => (ms === null ? '' : String(ms / minuteMs));
  return {
    name,
    kind: target.kind,
    url: target.kind === 'url' ? target.url : '',
    arn: target.kind === 'agentcore' ? target.arn : '',
    qualifier: target.kind === 'agentcore' ? (target.qualifier ?? '') : '',
    headers: headers.map((header, key) => ({ key, name: header, value: '', was: 'kept' })),
    trusted: trusted ? 'on' : 'off',
    repeatable: repeatable.join(', '),
    limits: {
      requestMs: minutes(limits.requestMs),
      idleMs: minutes(limits.idleMs),
      lifetimeMs: minutes(limits.lifetimeMs),
      streamMs: minutes(limits.streamMs),
    },
  };
}

/** What is wrong, by field; the server checks the rest. */
export function problemsOf(form: ServerForm): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  if (form.name.trim() === '') problems.set('name', 'Give the server a short name, such as github.');
  if (form.kind === 'url' && form.url.trim() === '')
    problems.set('url', 'Type the address of its MCP endpoint, such as https://example.com/mcp.');
  if (form.kind === 'agentcore' && form.arn.trim() === '') problems.set('arn', 'Type the ARN of the runtime.');
  for (const [limit, text] of Object.entries(form.limits))
    if (text.trim() !== '' && !(Number(text) > 0)) problems.set(limit, 'Minutes, or nothing for no limit.');
  return problems;
}

/** `before`: what an address or a value that was not touched keeps. */
export function orderOf(form: ServerForm, before: ServerSettings | null): ServerOrder {
  const ms = (text: string): number | null => (text.trim() === '' ? null : Math.round(Number(text) * minuteMs));
  const url = form.url.trim();
  const isKept = before?.target.kind === 'url' && before.target.url === url;
  const { requestMs, idleMs, lifetimeMs, streamMs } = form.limits;
  return {
    name: form.name.trim(),
    target:
      form.kind === 'url'
        ? { kind: 'url', url: isKept ? null : url }
        : {
            kind: 'agentcore',
            arn: form.arn.trim(),
            qualifier: form.qualifier.trim() === '' ? null : form.qualifier.trim(),
          },
    headers: form.headers
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, value, was }) => ({ name: name.trim(), value: was === 'kept' ? null : value })),
    trusted: form.trusted === 'on',
    repeatable: form.repeatable
      .split(',')
      .map((pattern) => pattern.trim())
      .filter((pattern) => pattern !== ''),
    limits: { requestMs: ms(requestMs), idleMs: ms(idleMs), lifetimeMs: ms(lifetimeMs), streamMs: ms(streamMs) },
  };
}
