import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';

/** One piece of a message of `sampling/createMessage`. */
export type SamplingPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'audio'; readonly mimeType: string; readonly data: string; readonly bytes: number }
  | { readonly kind: 'tool_use'; readonly name: string; readonly input: Json }
  | { readonly kind: 'tool_result'; readonly isError: boolean; readonly parts: readonly SamplingPart[] }
  /** Of a type this page does not know: shown as it came. */
  | { readonly kind: 'other'; readonly type: string; readonly value: Json };

export interface SamplingMessage {
  readonly role: string;
  readonly parts: readonly SamplingPart[];
}

export interface SamplingTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Json;
}

/** Priorities from 0 to 1; null where the server did not say. */
export interface SamplingPreferences {
  readonly intelligence: number | null;
  readonly speed: number | null;
  readonly cost: number | null;
  readonly hints: readonly string[];
}

export interface SamplingAsk {
  readonly systemPrompt: string | null;
  readonly messages: readonly SamplingMessage[];
  readonly preferences: SamplingPreferences;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly stopSequences: readonly string[];
  readonly includeContext: string | null;
  readonly tools: readonly SamplingTool[];
  readonly toolChoice: string | null;
}

/** Null when it is not of MCP's shape; the raw value is shown then. */
export function readSampling(ask: Json | null): SamplingAsk | null {
  if (!isJsonObject(ask) || !Array.isArray(ask.messages)) return null;
  return {
    systemPrompt: textOf(ask.systemPrompt),
    messages: list(ask.messages).map(readMessage),
    preferences: readPreferences(ask.modelPreferences),
    maxTokens: numberOf(ask.maxTokens),
    temperature: numberOf(ask.temperature),
    stopSequences: list(ask.stopSequences).flatMap((item) => (typeof item === 'string' ? [item] : [])),
    includeContext: textOf(ask.includeContext),
    tools: list(ask.tools).flatMap((item) => (isJsonObject(item) ? [readTool(item)] : [])),
    toolChoice: isJsonObject(ask.toolChoice) ? textOf(ask.toolChoice.mode) : null,
  };
}

function readMessage(value: Json): SamplingMessage {
  if (!isJsonObject(value)) return { role: 'unknown', parts: [{ kind: 'other', type: 'unknown', value }] };
  const content = value.content ?? null;
  return {
    role: textOf(value.role) ?? 'unknown',
    parts: Array.isArray(content) ? list(content).map(readPart) : [readPart(content)],
  };
}

function readPart(value: Json): SamplingPart {
  if (!isJsonObject(value)) return { kind: 'other', type: 'unknown', value };
  const { type } = value;
  if (type === 'text' && typeof value.text === 'string') return { kind: 'text', text: value.text };
  if ((type === 'image' || type === 'audio') && typeof value.data === 'string') {
    const bytes = Math.floor((value.data.replace(/=+$/, '').length * 3) / 4);
    return { kind: type, mimeType: textOf(value.mimeType) ?? 'unknown type', data: value.data, bytes };
  }
  if (type === 'tool_use')
    return { kind: 'tool_use', name: textOf(value.name) ?? 'unknown tool', input: value.input ?? null };
  if (type === 'tool_result')
    return { kind: 'tool_result', isError: value.isError === true, parts: list(value.content).map(readPart) };
  return { kind: 'other', type: textOf(type) ?? 'unknown', value };
}

function readTool(value: JsonObject): SamplingTool {
  return {
    name: textOf(value.name) ?? 'unnamed',
    description: textOf(value.description) ?? '',
    inputSchema: value.inputSchema ?? null,
  };
}

function readPreferences(value: Json | undefined): SamplingPreferences {
  if (!isJsonObject(value)) return { intelligence: null, speed: null, cost: null, hints: [] };
  return {
    intelligence: share(value.intelligencePriority),
    speed: share(value.speedPriority),
    cost: share(value.costPriority),
    hints: list(value.hints).flatMap((hint) =>
      isJsonObject(hint) && typeof hint.name === 'string' ? [hint.name] : [],
    ),
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function list(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function share(value: Json | undefined): number | null {
  return typeof value === 'number' ? Math.max(0, Math.min(1, value)) : null;
}

/** Words of a text, as people count them. */
export function countWords(text: string): number {
  return text.trim() === '' ? 0 : text.trim().split(/\s+/).length;
}

export function bytesWords(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1_024)} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
