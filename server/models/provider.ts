import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { awsCredentials } from './aws-credentials';
import type { SdkModel } from './sdk';

export type Fetch = typeof globalThis.fetch;

export interface LoadedModel {
  readonly sdk: SdkModel;
  /** Throws a `CredentialsError` when there is nothing to sign with. */
  ready(): Promise<void>;
}

/**
 * Loads the package of the entry's provider. Every setting is given, so that none is taken from the environment
 * behind the configuration's back.
 */
export async function loadModel(entry: ModelEntry, base: Fetch): Promise<LoadedModel> {
  const { provider, model } = entry;
  const fetch = withoutRedirects(base);
  const ready = async (): Promise<void> => undefined;
  switch (provider.kind) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      const { apiKey, baseUrl } = provider;
      return { sdk: createAnthropic({ apiKey, baseURL: baseUrl, fetch }).languageModel(model), ready };
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const create = createOpenAICompatible({
        name: 'openai-compatible',
        baseURL: provider.baseUrl,
        ...(provider.apiKey === null ? {} : { apiKey: provider.apiKey }),
        fetch,
        ...(isOpenAi(provider.baseUrl) ? { transformRequestBody: newerLimit } : {}),
      });
      return { sdk: create.chatModel(model), ready };
    }
    case 'bedrock':
      return loadBedrock(provider, model, fetch);
  }
}

async function loadBedrock(
  { region, baseUrl, auth }: Extract<ModelEntry['provider'], { kind: 'bedrock' }>,
  model: string,
  fetch: Fetch,
): Promise<LoadedModel> {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
  const credentials = auth.kind === 'chain' ? awsCredentials(auth.profile) : null;
  const create = createAmazonBedrock({
    region,
    baseURL: baseUrl,
    // An empty key keeps the one in the environment from being used.
    apiKey: auth.kind === 'key' ? auth.apiKey : '',
    ...(credentials === null ? {} : { credentialProvider: credentials }),
    fetch,
  });
  // The provider wraps what its credentials throw into words of its own, so they are asked for first.
  return { sdk: create.languageModel(model), ready: async () => void (await credentials?.()) };
}

/** A redirect would carry a key to another host: `fetch` drops `authorization` there, but not `x-api-key`. */
function withoutRedirects(base: Fetch): Fetch {
  return (input, init) => base(input, { ...init, redirect: 'manual' });
}

function isOpenAi(baseUrl: string): boolean {
  return URL.parse(baseUrl)?.hostname === 'api.openai.com';
}

/** OpenAI's own newer models refuse the older name of the limit. */
function newerLimit({ max_tokens: limit, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: limit };
}
