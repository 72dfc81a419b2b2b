import { describe, expect, it } from 'vitest';
import { ConfigSource, problemText } from '@/server/config/config-source';
import { readModels } from '@/server/config/models-entry';
import type { ModelEntry } from '@/server/engine/ports/model-entry';

const variables = { KEY: 's3cret-key', EMPTY: '', TWO_LINES: 'a\nb', REGION: 'eu-central-1' };

function read(text: string): { readonly models: readonly ModelEntry[]; readonly problems: readonly string[] } {
  const source = new ConfigSource('mcp.json', `{"models": ${text}}`);
  const root = source.root();
  const fields = root === null ? null : source.record(root, { known: ['models'], expected: 'an object' });
  const models = readModels({ source, variables, folder: '/etc' }, fields?.get('models'));
  return { models, problems: source.problems.map(problemText) };
}

const claude = '"name": "claude", "provider": "anthropic", "model": "claude-sonnet-4-5"';
const nova = '"name": "nova", "provider": "bedrock", "model": "eu.amazon.nova-pro-v1:0"';
const gpt = '"name": "gpt", "provider": "openai-compatible", "model": "gpt-5-mini"';
const usual = { maxOutputTokens: null, timeoutMs: 120_000, prices: null };

describe('models are read', () => {
  it('of which there are none', () => {
    const source = new ConfigSource('mcp.json', '{}');
    expect(readModels({ source, variables, folder: '/etc' }, undefined)).toEqual([]);
    expect(read('[]')).toEqual({ models: [], problems: [] });
  });

  it('of each provider, in their order', () => {
    const text = `[
      {${claude}, "apiKey": "\${KEY}"},
      {${nova}, "region": "\${REGION}"},
      {${gpt}, "baseUrl": "http://127.0.0.1:11434/v1/"},
    ]`;
    expect(read(text)).toEqual({
      models: [
        {
          name: 'claude',
          model: 'claude-sonnet-4-5',
          provider: { kind: 'anthropic', apiKey: 's3cret-key', baseUrl: 'https://api.anthropic.com/v1' },
          ...usual,
        },
        {
          name: 'nova',
          model: 'eu.amazon.nova-pro-v1:0',
          provider: {
            kind: 'bedrock',
            region: 'eu-central-1',
            baseUrl: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
            auth: { kind: 'chain', profile: null },
          },
          ...usual,
        },
        {
          name: 'gpt',
          model: 'gpt-5-mini',
          provider: { kind: 'openai-compatible', apiKey: null, baseUrl: 'http://127.0.0.1:11434/v1' },
          ...usual,
        },
      ],
      problems: [],
    });
  });

  it.each<[string, string, object]>([
    [
      'with everything',
      `{${claude}, "apiKey": "k", "maxOutputTokens": 4096, "timeout": "90s", "inputPrice": 3, "outputPrice": 0.5}`,
      { maxOutputTokens: 4_096, timeoutMs: 90_000, prices: { input: 3, output: 0.5 } },
    ],
    [
      'behind a proxy',
      `{${claude}, "apiKey": "k", "baseUrl": "https://proxy.example/anthropic/v1"}`,
      { provider: { kind: 'anthropic', apiKey: 'k', baseUrl: 'https://proxy.example/anthropic/v1' } },
    ],
    [
      'of a profile',
      `{${nova}, "region": "us-east-1", "profile": "models"}`,
      {
        provider: {
          kind: 'bedrock',
          region: 'us-east-1',
          baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com',
          auth: { kind: 'chain', profile: 'models' },
        },
      },
    ],
    [
      'with a key of Bedrock, at an address of its own',
      `{${nova}, "region": "cn-north-1", "apiKey": "k", "baseUrl": "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"}`,
      {
        provider: {
          kind: 'bedrock',
          region: 'cn-north-1',
          baseUrl: 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn',
          auth: { kind: 'key', apiKey: 'k' },
        },
      },
    ],
    [
      'with a key for a compatible server',
      `{${gpt}, "apiKey": "k", "baseUrl": "https://api.openai.com/v1"}`,
      { provider: { kind: 'openai-compatible', apiKey: 'k', baseUrl: 'https://api.openai.com/v1' } },
    ],
  ])('%s', (_what, entry, expected) => {
    const { models, problems } = read(`[${entry}]`);
    expect(problems).toEqual([]);
    expect(models).toEqual([expect.objectContaining(expected)]);
  });
});

describe('is refused', () => {
  const key = '"apiKey": "${KEY}"';
  const table: readonly (readonly [string, string, string])[] = [
    ['no list', '{}', 'mcp.json:1:12: models: expected a list of models, such as { "name": "claude"'],
    ['a model that is text', '["claude"]', 'models[0]: expected a model, such as { "name": "claude"'],
    ['a model without a name', `[{"provider": "anthropic", "model": "m", ${key}}]`, 'models[0]: a model needs "name"'],
    [
      'a name that is none',
      `[{"name": "a b", "provider": "anthropic", "model": "m", ${key}}]`,
      'models[0].name: a name',
    ],
    ['a name twice', `[{${claude}, ${key}}, {${claude}, ${key}}]`, 'mcp.json:1:117: models[1].name: another model has'],
    ['a model without a model', `[{"name": "a", "provider": "anthropic", ${key}}]`, 'models[0]: a model needs "model"'],
    [
      'a model with spaces',
      `[{"name": "a", "provider": "anthropic", "model": "claude 4", ${key}}]`,
      'models[0].model: expected the name the provider knows the model by, without spaces.',
    ],
    [
      'no provider',
      '[{"name": "a", "model": "m"}]',
      'models[0]: a model needs "provider", one of "anthropic", "bedrock"',
    ],
    [
      'a mistyped provider',
      '[{"name": "a", "model": "m", "provider": "antropic"}]',
      'models[0].provider: expected one of "anthropic", "bedrock", "openai-compatible", found "antropic". Did you mean "anthropic"?',
    ],
    [
      'a mistyped key',
      `[{${claude}, ${key}, "timeOut": "1m"}]`,
      'models[0].timeOut: this key is not known. Did you mean "timeout"?',
    ],
    [
      'a key of another provider',
      `[{${claude}, ${key}, "region": "eu-central-1"}]`,
      'models[0].region: this key does not go with "anthropic".',
    ],
    ['no key', `[{${claude}}]`, 'models[0]: this provider needs "apiKey", such as "${ANTHROPIC_API_KEY}".'],
    [
      'a key that is not set',
      `[{${claude}, "apiKey": "\${NOPE}"}]`,
      'models[0].apiKey: the environment variable NOPE is not set.',
    ],
    ['an empty key', `[{${claude}, "apiKey": "\${EMPTY}"}]`, 'models[0].apiKey: the key is empty.'],
    ['a key of two lines', `[{${claude}, "apiKey": "\${TWO_LINES}"}]`, 'models[0].apiKey: expected a key alone'],
    [
      'a number as a key',
      `[{${claude}, "apiKey": 1}]`,
      'models[0].apiKey: expected a key, such as "${ANTHROPIC_API_KEY}", found a number.',
    ],
    [
      'plain http',
      `[{${gpt}, "baseUrl": "http://api.example/v1"}]`,
      'models[0].baseUrl: expected an address that begins with https://',
    ],
    [
      'a password in the address',
      `[{${gpt}, "baseUrl": "https://a:b@api.example/v1"}]`,
      'models[0].baseUrl: expected an address without',
    ],
    [
      'a query in the address',
      `[{${gpt}, "baseUrl": "https://api.example/v1?key=1"}]`,
      'models[0].baseUrl: expected an address without',
    ],
    ['no address', `[{${gpt}}]`, 'models[0]: this provider needs "baseUrl"'],
    ['no region', `[{${nova}}]`, 'models[0]: this provider needs "region", such as "eu-central-1".'],
    ['another region', `[{${nova}, "region": "Frankfurt"}]`, 'models[0].region: expected a region of AWS'],
    [
      'a region with addresses of its own',
      `[{${nova}, "region": "cn-north-1"}]`,
      'models[0]: this region has addresses of its own.',
    ],
    [
      'a key and a profile',
      `[{${nova}, "region": "eu-central-1", ${key}, "profile": "a"}]`,
      'models[0].profile: expected either "apiKey" or "profile", found both.',
    ],
    [
      'an empty profile',
      `[{${nova}, "region": "eu-central-1", "profile": ""}]`,
      'models[0].profile: expected the name of an AWS profile.',
    ],
    [
      'no tokens',
      `[{${claude}, ${key}, "maxOutputTokens": 0}]`,
      'models[0].maxOutputTokens: expected a whole number from 1 to 1000000.',
    ],
    [
      'no time',
      `[{${claude}, ${key}, "timeout": "10ms"}]`,
      'models[0].timeout: expected a duration from 1s to 5m, found 10ms.',
    ],
    [
      'a time without a unit',
      `[{${claude}, ${key}, "timeout": "10"}]`,
      'models[0].timeout: expected a duration such as "90s"',
    ],
    [
      'more time than is waited',
      `[{${claude}, ${key}, "timeout": "6m"}]`,
      'models[0].timeout: expected a duration from 1s to 5m, found 6m.',
    ],
    [
      'half a price',
      `[{${claude}, ${key}, "outputPrice": 15}]`,
      'models[0].outputPrice: give both "inputPrice" and "outputPrice", or neither.',
    ],
    [
      'a price below nothing',
      `[{${claude}, ${key}, "inputPrice": -1, "outputPrice": 1}]`,
      'models[0].inputPrice: expected US dollars',
    ],
    [
      'a price in words',
      `[{${claude}, ${key}, "inputPrice": 1, "outputPrice": "$1"}]`,
      'models[0].outputPrice: expected US dollars',
    ],
  ];
  it.each(table)('%s, and the key is not shown (I14)', (_what, text, words) => {
    const { problems } = read(text);
    expect(problems).toEqual([expect.stringContaining(words)]);
    expect(problems.join()).not.toContain('s3cret');
  });
});
