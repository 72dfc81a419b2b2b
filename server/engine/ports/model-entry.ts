/** One model that may write replies to sampling requests, as configured. */
export interface ModelEntry {
  /** What people pick it by, unique. */
  readonly name: string;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly provider: ModelProvider;
  /** The most a reply may have, whatever the server asks; null: only what the server asks. */
  readonly maxOutputTokens: number | null;
  readonly timeoutMs: number;
  /** US dollars for a million tokens; null when no prices are configured. */
  readonly prices: { readonly input: number; readonly output: number } | null;
}

export type ModelProvider =
  | {
      readonly kind: 'anthropic';
      readonly apiKey: string;
      /** With the version, such as `https://api.anthropic.com/v1`. */
      readonly baseUrl: string;
    }
  | {
      readonly kind: 'bedrock';
      readonly region: string;
      readonly baseUrl: string;
      /** A key of Bedrock's own, or what the default AWS chain finds. */
      readonly auth:
        | { readonly kind: 'key'; readonly apiKey: string }
        | { readonly kind: 'chain'; readonly profile: string | null };
    }
  | {
      readonly kind: 'openai-compatible';
      /** Null for a server that asks for none, such as one on this machine. */
      readonly apiKey: string | null;
      readonly baseUrl: string;
    };
