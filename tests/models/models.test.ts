import { describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { noModels } from '@/server/engine/ports/models';
import { chooseModel } from '@/server/models/choose';
import { costOf } from '@/server/models/usage';
import { anthropicReply, entryOf, hello, keptLog, ModelServer } from '@/tests/models/model-server';

const { loaded } = vi.hoisted(() => ({ loaded: [] as string[] }));
vi.mock('@ai-sdk/anthropic', async (original) => {
  loaded.push('@ai-sdk/anthropic');
  return original();
});
vi.mock('@ai-sdk/amazon-bedrock', async (original) => {
  loaded.push('@ai-sdk/amazon-bedrock');
  return original();
});
vi.mock('@ai-sdk/openai-compatible', async (original) => {
  loaded.push('@ai-sdk/openai-compatible');
  return original();
});
vi.mock('@aws-sdk/credential-provider-node', async (original) => {
  loaded.push('@aws-sdk/credential-provider-node');
  return original();
});

const signal = new AbortController().signal;

describe('packages of providers', () => {
  it('are loaded when a model of theirs is first asked, and no sooner', async () => {
    const { createModels } = await import('@/server/models/models');
    const server = await new ModelServer({ body: anthropicReply() }).start();
    const kinds = ['anthropic', 'bedrock', 'openai-compatible'] as const;
    const models = createModels(
      kinds.map((kind) => entryOf(kind, server.url)),
      { log: keptLog().log },
    );
    expect(models.names).toEqual(['claude', 'nova', 'gpt']);
    expect(loaded).toEqual([]);
    expect(await models.write(hello, { model: 'claude', signal })).toMatchObject({ ok: true });
    await server.stop();
    expect(loaded).toEqual(['@ai-sdk/anthropic']);
  });
});

describe('without a configured model', () => {
  it('a person writes the reply', async () => {
    const { createModels } = await import('@/server/models/models');
    const models = createModels([], { log: keptLog().log });
    expect(models).toBe(noModels);
    expect(models.names).toEqual([]);
    expect(await models.write(hello, { model: null, signal })).toEqual({
      ok: false,
      message: 'No model provider is configured.',
    });
  });

  it('of that name nothing is asked', async () => {
    const { createModels } = await import('@/server/models/models');
    const models = createModels([entryOf('anthropic', 'http://127.0.0.1:1')], { log: keptLog().log });
    expect(await models.write(hello, { model: 'claudia', signal })).toEqual({
      ok: false,
      message: 'There is no model of this name any more. Choose another one.',
    });
  });
});

describe('a fault of ours', () => {
  it('is a failure in words, and never an exception', async () => {
    const { createModels } = await import('@/server/models/models');
    const { log, lines } = keptLog();
    const broken: ModelEntry = {
      ...entryOf('anthropic', ''),
      get provider(): never {
        throw new Error('Say hello.');
      },
    };
    expect(await createModels([broken], { log }).write(hello, { model: null, signal })).toEqual({
      ok: false,
      message: 'The model could not be asked, by a fault of Holdpoint. Write the reply yourself.',
    });
    expect(lines).toEqual(['error a model could not be asked {"error":"Error"}']);
  });
});

describe('the model that is asked', () => {
  const claude = entryOf('anthropic', '');
  const small = entryOf('anthropic', '', { name: 'small', model: 'claude-haiku-4-5' });
  const gpt = entryOf('openai-compatible', '');
  const entries = [claude, small, gpt];

  it.each<[string, string | null, readonly string[], ModelEntry | null]>([
    ['the usual one, when nobody says', null, [], claude],
    ['that a hint names in part', null, ['haiku'], small],
    ['that a hint names by its name here, in capitals', null, ['GPT'], gpt],
    ['of the best hint that fits', null, ['gemini', 'gpt-5', 'claude'], gpt],
    ['the first of several that fit', null, ['claude'], claude],
    ['the usual one, when no hint fits', null, ['gemini'], claude],
    ['that a person chose, whatever the hints say', 'gpt', ['claude'], gpt],
    ['none, when the chosen one is gone', 'old', ['claude'], null],
  ])('is %s', (...[, name, hints, expected]) => {
    expect(chooseModel(entries, { name, hints })).toBe(expected);
  });

  it('is none where none is configured', () => {
    expect(chooseModel([], { name: null, hints: ['claude'] })).toBeNull();
  });
});

describe('a price', () => {
  it.each<[number | null, number | null, { readonly input: number; readonly output: number } | null, number | null]>([
    [1_000_000, 1_000_000, { input: 3, output: 15 }, 18],
    [12, 3, { input: 3, output: 15 }, 0.000081],
    [3, 3, { input: 0.1, output: 0.2 }, 0.0000009],
    [1, 0, { input: 0.0001, output: 0 }, 0],
    [0, 0, { input: 3, output: 15 }, 0],
    [100, 100, { input: 0, output: 0 }, 0],
    [100, 100, null, null],
    [null, 100, { input: 3, output: 15 }, null],
    [100, null, { input: 3, output: 15 }, null],
  ])('of %s and %s tokens at %j a million is %s', (...[input, output, prices, usd]) => {
    expect(costOf(prices, input, output)).toBe(usd);
  });
});
