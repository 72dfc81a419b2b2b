import type { AnthropicProvider } from '@ai-sdk/anthropic';

/**
 * The AI SDK's own model, without `generateText` around it: that would fetch what a hostile server names as an image
 * (`data` that reads as an address), repeat on errors we do not repeat on, and write warnings to the console. Types
 * only, so that nothing is loaded before a model is asked.
 */
export type SdkModel = ReturnType<AnthropicProvider['languageModel']>;
export type CallOptions = Parameters<SdkModel['doGenerate']>[0];
export type Generated = Awaited<ReturnType<SdkModel['doGenerate']>>;

export type PromptMessage = CallOptions['prompt'][number];
export type SdkTool = Extract<NonNullable<CallOptions['tools']>[number], { type: 'function' }>;
export type UserMessage = Extract<PromptMessage, { role: 'user' }>;
export type AssistantMessage = Extract<PromptMessage, { role: 'assistant' }>;
export type ToolResultPart = Extract<
  Extract<PromptMessage, { role: 'tool' }>['content'][number],
  { type: 'tool-result' }
>;
