import type { ModelEntry, ModelProvider } from '@/server/engine/ports/model-entry';
import type { Entry, Property } from './config-source';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { modelPrices, modelTimeout, usualTimeoutMs } from './model-numbers';
import { expandText, type Fields, type ServerContext } from './server-text';
import { countSetting } from './setting';

const providers = ['anthropic', 'bedrock', 'openai-compatible'] as const;
type ProviderKind = (typeof providers)[number];

const example =
  '{ "name": "claude", "provider": "anthropic", "model": "claude-sonnet-4-5", "apiKey": "${ANTHROPIC_API_KEY}" }';
const keys = ['name', 'provider', 'model', 'maxOutputTokens', 'timeout', 'inputPrice', 'outputPrice'];
const keysOf = {
  anthropic: ['apiKey', 'baseUrl'],
  bedrock: ['region', 'profile', 'apiKey', 'baseUrl'],
  'openai-compatible': ['baseUrl', 'apiKey'],
} as const satisfies Record<ProviderKind, readonly string[]>;
const known = [...keys, 'apiKey', 'region', 'profile', 'baseUrl'];

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Names of models hold slashes and colons (Bedrock's ARNs do), never spaces. */
const modelForm = /^[\x21-\x7e]{1,512}$/;
const regionForm = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
/** Regions whose addresses do not end in amazonaws.com. */
const elsewhere = /^(?:cn-|eusc-|[a-z]{2}-iso)/;
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** The models that may write replies to sampling requests, the usual one first. */
export function readModels(context: ServerContext, property: Property | undefined): readonly ModelEntry[] {
  if (property === undefined) return [];
  const items = context.source.items(property, `a list of models, such as ${example}`) ?? [];
  const taken = new Set<string>();
  return items.flatMap((item) => readModel(context, item, taken) ?? []);
}

function readModel(context: ServerContext, item: Entry, taken: Set<string>): ModelEntry | null {
  const fields = context.source.record(item, { known, expected: `a model, such as ${example}` });
  if (fields === null) return null;
  const name = readName(context, { item, fields }, taken);
  const model = readModelId(context, item, fields);
  const numbers = readNumbers(context, fields);
  const provider = readProvider(context, item, fields);
  return name === null || model === null || provider === null ? null : { name, model, provider, ...numbers };
}

function readName(
  context: ServerContext,
  { item, fields }: { readonly item: Entry; readonly fields: Fields },
  taken: Set<string>,
): string | null {
  const { source } = context;
  const field = fields.get('name');
  if (field === undefined) {
    source.report(item, 'a model needs "name", which people pick it by.');
    return null;
  }
  const name = source.text(field, 'the name of a model, such as "claude"');
  if (name === null) return null;
  if (!nameForm.test(name)) source.report(field, 'a name has letters, digits, ".", "_" and "-", at most 64.');
  else if (taken.has(name)) source.report(field, 'another model has this name already.');
  taken.add(name);
  return name;
}

function readModelId(context: ServerContext, item: Entry, fields: Fields): string | null {
  const field = fields.get('model');
  if (field === undefined) {
    context.source.report(item, 'a model needs "model", the name its provider knows it by.');
    return null;
  }
  const model = expandText(context, field, 'the name the provider knows the model by');
  if (model === null || modelForm.test(model)) return model;
  context.source.report(field, 'expected the name the provider knows the model by, without spaces.');
  return null;
}

function readNumbers(
  context: ServerContext,
  fields: Fields,
): Pick<ModelEntry, 'maxOutputTokens' | 'timeoutMs' | 'prices'> {
  const most = fields.get('maxOutputTokens');
  return {
    maxOutputTokens: most === undefined ? null : countSetting(context.source, most, { least: 1, most: 1_000_000 }),
    timeoutMs: modelTimeout(context.source, fields.get('timeout')) ?? usualTimeoutMs,
    prices: modelPrices(context.source, fields.get('inputPrice'), fields.get('outputPrice')),
  };
}

function readProvider(context: ServerContext, item: Entry, fields: Fields): ModelProvider | null {
  const kind = readKind(context, item, fields.get('provider'));
  if (kind === null) return null;
  for (const [name, field] of fields) {
    const isOwn = [...keys, ...keysOf[kind]].includes(name);
    if (!isOwn && known.includes(name)) context.source.reportName(field, `this key does not go with "${kind}".`);
  }
  switch (kind) {
    case 'anthropic':
      return readAnthropic(context, item, fields);
    case 'bedrock':
      return readBedrock(context, item, fields);
    case 'openai-compatible':
      return readCompatible(context, item, fields);
  }
}

function readKind(context: ServerContext, item: Entry, field: Property | undefined): ProviderKind | null {
  const choices = providers.map((provider) => `"${provider}"`).join(', ');
  if (field === undefined) {
    context.source.report(item, `a model needs "provider", one of ${choices}.`);
    return null;
  }
  const text = context.source.text(field, `one of ${choices}`);
  if (text === null) return null;
  const kind = providers.find((candidate) => candidate === text);
  if (kind === undefined)
    context.source.report(field, `expected one of ${choices}, found "${text}".${didYouMean(text, providers)}`);
  return kind ?? null;
}

function readAnthropic(context: ServerContext, item: Entry, fields: Fields): ModelProvider | null {
  const field = fields.get('apiKey');
  if (field === undefined) context.source.report(item, 'this provider needs "apiKey", such as "${ANTHROPIC_API_KEY}".');
  const apiKey = readKey(context, field);
  const baseUrl = readBaseUrl(context, fields.get('baseUrl'));
  if (apiKey === null || baseUrl === null) return null;
  return { kind: 'anthropic', apiKey, baseUrl: baseUrl === '' ? 'https://api.anthropic.com/v1' : baseUrl };
}

function readBedrock(context: ServerContext, item: Entry, fields: Fields): ModelProvider | null {
  const { source } = context;
  const [keyField, profileField] = [fields.get('apiKey'), fields.get('profile')];
  if (keyField !== undefined && profileField !== undefined)
    source.reportName(profileField, 'expected either "apiKey" or "profile", found both.');
  const apiKey = readKey(context, keyField);
  const profile = readProfile(context, profileField);
  const region = readRegion(context, item, fields.get('region'));
  const baseUrl = readBaseUrl(context, fields.get('baseUrl'));
  if (region === null || baseUrl === null) return null;
  if (baseUrl === '' && elsewhere.test(region)) {
    source.report(item, 'this region has addresses of its own. Give the one of Bedrock’s runtime as "baseUrl".');
    return null;
  }
  if (keyField !== undefined && apiKey === null) return null;
  return {
    kind: 'bedrock',
    region,
    baseUrl: baseUrl === '' ? `https://bedrock-runtime.${region}.amazonaws.com` : baseUrl,
    auth: apiKey === null ? { kind: 'chain', profile } : { kind: 'key', apiKey },
  };
}

function readCompatible(context: ServerContext, item: Entry, fields: Fields): ModelProvider | null {
  const [keyField, urlField] = [fields.get('apiKey'), fields.get('baseUrl')];
  if (urlField === undefined)
    context.source.report(item, 'this provider needs "baseUrl", such as "https://api.example/v1".');
  const apiKey = readKey(context, keyField);
  const baseUrl = readBaseUrl(context, urlField);
  if (urlField === undefined || baseUrl === null || (keyField !== undefined && apiKey === null)) return null;
  return { kind: 'openai-compatible', apiKey, baseUrl };
}

/** What is found is never shown: it is a secret (I14). */
function readKey(context: ServerContext, field: Property | undefined): string | null {
  if (field === undefined) return null;
  const key = expandText(context, field, 'a key, such as "${ANTHROPIC_API_KEY}"');
  if (key === null || /^[\x21-\x7e]+$/.test(key)) return key;
  context.source.report(
    field,
    key === '' ? 'the key is empty.' : 'expected a key alone: no word before it, no space and no line break.',
  );
  return null;
}

function readProfile(context: ServerContext, field: Property | undefined): string | null {
  if (field === undefined) return null;
  const profile = expandText(context, field, 'the name of an AWS profile');
  if (profile === '') context.source.report(field, 'expected the name of an AWS profile.');
  return profile;
}

function readRegion(context: ServerContext, item: Entry, field: Property | undefined): string | null {
  if (field === undefined) {
    context.source.report(item, 'this provider needs "region", such as "eu-central-1".');
    return null;
  }
  const region = expandText(context, field, 'a region of AWS, such as "eu-central-1"');
  if (region === null || regionForm.test(region)) return region;
  context.source.report(field, 'expected a region of AWS, such as "eu-central-1".');
  return null;
}

/** Without a slash at its end; empty when it is left out, null (and noted) when it is wrong. */
function readBaseUrl(context: ServerContext, field: Property | undefined): string | null {
  if (field === undefined) return '';
  const text = expandText(context, field, 'an address such as "https://api.example/v1"');
  if (text === null) return null;
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.includes(url.hostname));
  if (url === null || !isSafe) {
    context.source.report(field, 'expected an address that begins with https://; http:// only for this machine.');
    return null;
  }
  if (url.username === '' && url.password === '' && url.search === '' && url.hash === '')
    return url.href.replace(/\/+$/, '');
  context.source.report(field, 'expected an address without a name, a password, a query or a fragment.');
  return null;
}
