import type { ServerEntry } from '@/server/engine/ports/servers';
import type { Property } from './config-source';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { expandText, type Fields, readHeaders, type ServerContext, type TextField, toRecord } from './server-text';

type HttpTransport = Extract<ServerEntry['transport'], { kind: 'http' }>;

const known = ['arn', 'region', 'qualifier', 'accountId', 'auth', 'token', 'endpoint'];
const shape = { known, expected: 'an object with "arn", the ARN of an AgentCore runtime' };
const service = 'bedrock-agentcore';
const auths = ['sigv4', 'bearer'] as const;

const arnForm =
  /^arn:aws(?:-[a-z]+)*:bedrock-agentcore:(?<region>[a-z]{2}(?:-[a-z]+)+-\d{1,2}):\d{12}:(?:runtime|agent)\/[A-Za-z0-9_-]{1,128}$/;
const idForm = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;
const regionForm = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
/** Regions whose addresses do not end in amazonaws.com. */
const elsewhere = /^(?:cn-|[a-z]{2}-iso)/;
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** An entry that says `agentcore` in place of `url`: a runtime of Amazon Bedrock AgentCore. */
export function readAgentCore(context: ServerContext, entry: Fields): HttpTransport | null {
  const { source } = context;
  const property = entry.get('agentcore');
  const headers = readHeaders(context, entry.get('headers'));
  for (const [name, field] of headers) refuseOwnHeader(context, name, field);
  const fields = property === undefined ? null : source.record(property, shape);
  if (property === undefined || fields === null) return null;
  const runtime = readRuntime(context, property, fields);
  const qualifier = readQualifier(context, fields.get('qualifier'));
  const origin = readEndpoint(context, fields.get('endpoint'));
  const auth = readAuth(context, property, fields);
  if (runtime === null || qualifier === null || auth === null) return null;
  const { region, path, account } = runtime;
  if (origin === null && elsewhere.test(region)) {
    source.report(property, 'this region has addresses of its own. Give the one of AgentCore as "endpoint".');
    return null;
  }
  const query = `qualifier=${qualifier}${account === null ? '' : `&accountId=${account}`}`;
  return {
    kind: 'http',
    url: `${origin ?? `https://${service}.${region}.amazonaws.com`}/runtimes/${path}/invocations?${query}`,
    headers: { ...toRecord(headers), ...(auth.token === null ? {} : { Authorization: `Bearer ${auth.token}` }) },
    sign: auth.token === null ? { service, region } : null,
  };
}

interface Runtime {
  readonly region: string;
  /** The ARN or the id, encoded for the address. */
  readonly path: string;
  /** For an id, which does not say whose runtime it is. */
  readonly account: string | null;
}

function readRuntime(context: ServerContext, property: Property, fields: Fields): Runtime | null {
  const { source } = context;
  const arn = fields.get('arn');
  const region = readRegion(context, fields.get('region'));
  const account = readAccount(context, fields.get('accountId'));
  if (arn === undefined) {
    source.report(property, 'expected "arn", the ARN of an AgentCore runtime.');
    return null;
  }
  const text = expandText(context, arn, 'the ARN of an AgentCore runtime');
  if (text === null) return null;
  const ofArn = arnForm.exec(text)?.groups?.['region'];
  if (ofArn !== undefined) {
    if (region !== null && region.text !== ofArn)
      source.report(region.entry, 'this is not the region in the ARN. Leave the key out to use that one.');
    if (account !== null)
      source.reportName(account.entry, 'this key goes with the id of a runtime; an ARN says it itself.');
    return { region: ofArn, path: encodeURIComponent(text), account: null };
  }
  if (!idForm.test(text)) {
    source.report(
      arn,
      'expected the ARN of an AgentCore runtime, such as "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/name-0123456789", or its id.',
    );
    return null;
  }
  if (!fields.has('region')) source.report(arn, 'the id of a runtime needs "region" too. Or give its whole ARN.');
  if (!fields.has('accountId')) source.report(arn, 'the id of a runtime needs "accountId" too. Or give its whole ARN.');
  return region === null || account === null ? null : { region: region.text, path: text, account: account.text };
}

function readRegion(context: ServerContext, property: Property | undefined): TextField | null {
  return readForm(context, property, { form: regionForm, expected: 'a region of AWS, such as "eu-central-1"' });
}

function readAccount(context: ServerContext, property: Property | undefined): TextField | null {
  return readForm(context, property, { form: /^\d{12}$/, expected: 'the 12 digits of an AWS account, in quotes' });
}

/** "DEFAULT" when it is left out: the endpoint that every runtime has. */
function readQualifier(context: ServerContext, property: Property | undefined): string | null {
  if (property === undefined) return 'DEFAULT';
  const expected = 'the name of an endpoint of the runtime, such as "DEFAULT"';
  return readForm(context, property, { form: /^[A-Za-z0-9_-]{1,64}$/, expected })?.text ?? null;
}

function readForm(
  context: ServerContext,
  property: Property | undefined,
  { form, expected }: { readonly form: RegExp; readonly expected: string },
): TextField | null {
  if (property === undefined) return null;
  const text = expandText(context, property, expected);
  if (text === null) return null;
  if (form.test(text)) return { text, entry: property };
  context.source.report(property, `expected ${expected}.`);
  return null;
}

/** An origin in place of Amazon's public one; null when it is left out. */
function readEndpoint(context: ServerContext, property: Property | undefined): string | null {
  if (property === undefined) return null;
  const text = expandText(context, property, 'an address such as "https://vpce-0123.example"');
  if (text === null) return null;
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.includes(url.hostname));
  if (url === null || !isSafe) {
    context.source.report(property, 'expected an address that begins with https://; http:// only for this machine.');
    return null;
  }
  if (url.href === `${url.origin}/`) return url.origin;
  context.source.report(property, 'expected the address of a host alone, without a name, a path or a query.');
  return null;
}

/** How requests prove who sends them; a null token: each is signed. */
function readAuth(
  context: ServerContext,
  property: Property,
  fields: Fields,
): { readonly token: string | null } | null {
  const { source } = context;
  const auth = fields.get('auth');
  const tokenField = fields.get('token');
  const kind = auth === undefined ? 'sigv4' : readAuthKind(context, auth);
  const token = tokenField === undefined ? null : readToken(context, tokenField);
  if (kind === null) return null;
  if (kind === 'sigv4') {
    if (tokenField !== undefined) source.reportName(tokenField, 'this key goes with "auth": "bearer".');
    return { token: null };
  }
  if (tokenField === undefined) {
    source.report(auth ?? property, '"bearer" needs "token" too, such as "${AGENTCORE_TOKEN}".');
  }
  return token === null ? null : { token };
}

function readAuthKind(context: ServerContext, property: Property): (typeof auths)[number] | null {
  const text = context.source.text(property, '"sigv4" or "bearer"');
  if (text === null) return null;
  const kind = auths.find((candidate) => candidate === text);
  if (kind === undefined)
    context.source.report(property, `expected "sigv4" or "bearer", found "${text}".${didYouMean(text, auths)}`);
  return kind ?? null;
}

function readToken(context: ServerContext, property: Property): string | null {
  const token = expandText(context, property, 'a token, such as "${AGENTCORE_TOKEN}"');
  if (token === null) return null;
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(token)) return token;
  context.source.report(property, 'expected a bearer token alone: no word before it, no space and no line break.');
  return null;
}

function refuseOwnHeader(context: ServerContext, name: string, { entry }: TextField): void {
  const header = name.toLowerCase();
  if (header === 'x-amzn-bedrock-agentcore-runtime-session-id')
    context.source.reportName(entry, 'this header would put every session onto one instance of the runtime.');
  else if (['authorization', 'date', 'host'].includes(header) || header.startsWith('x-amz-'))
    context.source.reportName(entry, 'this header is set by "agentcore".');
}
