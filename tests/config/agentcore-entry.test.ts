import { learnedPace } from '@/server/engine/ports/servers';
import { describe, expect, it } from 'vitest';
import { oneServer, problems, settings } from '@/tests/config/reading';

const arn = 'arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/incident-abc';
const path =
  '/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aeu-central-1%3A123456789012%3Aruntime%2Fincident-abc/invocations';
const host = 'https://bedrock-agentcore.eu-central-1.amazonaws.com';

const agentcore = (keys: Readonly<Record<string, unknown>>): string => JSON.stringify({ agentcore: keys });

describe('an entry with "agentcore" is an HTTP server', () => {
  it('at the address of the runtime, with its ARN encoded, and every request signed', () => {
    expect(oneServer(agentcore({ arn }))).toEqual({
      name: 'one',
      transport: {
        kind: 'http',
        url: `${host}${path}?qualifier=DEFAULT`,
        headers: {},
        sign: { service: 'bedrock-agentcore', region: 'eu-central-1' },
      },
      trusted: false,
      repeatable: [],
      limits: { requestMs: 900_000, idleMs: 900_000, lifetimeMs: 28_800_000, streamMs: 3_600_000 },
      pace: learnedPace,
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['the region of the ARN said again', { arn, region: 'eu-central-1' }, `${host}${path}?qualifier=DEFAULT`],
    ['an endpoint of the runtime', { arn, qualifier: 'blue_2' }, `${host}${path}?qualifier=blue_2`],
    [
      'an id in place of the ARN',
      { arn: 'incident-abc', region: 'us-east-1', accountId: '123456789012' },
      'https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/incident-abc/invocations?qualifier=DEFAULT&accountId=123456789012',
    ],
    [
      'a private address',
      { arn, endpoint: 'https://vpce-1.example:8443' },
      `https://vpce-1.example:8443${path}?qualifier=DEFAULT`,
    ],
    [
      'an address of this machine',
      { arn, endpoint: 'http://127.0.0.1:4444/' },
      `http://127.0.0.1:4444${path}?qualifier=DEFAULT`,
    ],
    [
      'a region of the government cloud',
      { arn: arn.replace('arn:aws:', 'arn:aws-us-gov:').replace('eu-central-1', 'us-gov-west-1') },
      `https://bedrock-agentcore.us-gov-west-1.amazonaws.com${path.replace('aws%3A', 'aws-us-gov%3A').replace('eu-central-1', 'us-gov-west-1')}?qualifier=DEFAULT`,
    ],
    [
      'a region with addresses of its own',
      {
        arn: arn.replace('arn:aws:', 'arn:aws-cn:').replace('eu-central-1', 'cn-north-1'),
        endpoint: 'https://agentcore.example',
      },
      `https://agentcore.example${path.replace('aws%3A', 'aws-cn%3A').replace('eu-central-1', 'cn-north-1')}?qualifier=DEFAULT`,
    ],
  ])('with %s', (_what, keys, url) => {
    expect(oneServer(agentcore(keys)).transport).toMatchObject({ url });
  });

  it('signs for the region of an id', () => {
    const keys = { arn: 'incident-abc', region: 'us-east-1', accountId: '123456789012' };
    expect(oneServer(agentcore(keys)).transport).toMatchObject({ sign: { region: 'us-east-1' } });
  });

  it('with a bearer token signs nothing', () => {
    expect(oneServer(agentcore({ arn, auth: 'bearer', token: '${TOKEN}' })).transport).toMatchObject({
      headers: { Authorization: 'Bearer s3cret' },
      sign: null,
    });
  });

  it('takes its own headers, a type and variables', () => {
    const entry = {
      type: 'http',
      agentcore: {
        arn: '${NOT_SET:-incident-abc}',
        region: '${NOT_SET:-eu-west-1}',
        accountId: '${NOT_SET:-000000000001}',
      },
      headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Team': '${TOKEN}' },
    };
    expect(oneServer(JSON.stringify(entry)).transport).toMatchObject({
      url: expect.stringContaining('bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/incident-abc/invocations'),
      headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Team': 's3cret' },
    });
  });
});

describe('the limits of a server', () => {
  const agentcoreLimits = { requestMs: 900_000, idleMs: 900_000, lifetimeMs: 28_800_000, streamMs: 3_600_000 };
  const usual = { requestMs: null, idleMs: 600_000, lifetimeMs: null, streamMs: null };
  const url = '"url": "http://localhost:1/mcp"';
  const runtime = `"agentcore": {"arn": "${arn}"}`;

  const limited = (server: string, limits: string): string => `{${server}, "holdpoint": {"limits": ${limits}}}`;

  it.each<[string, string, object]>([
    ['of a URL, unsaid', `{${url}}`, usual],
    ['of a program, unsaid', '{"command": "run"}', usual],
    ['of AgentCore, unsaid', `{${runtime}}`, agentcoreLimits],
    ['of AgentCore, unsaid beside our other keys', `{${runtime}, "holdpoint": {"trusted": true}}`, agentcoreLimits],
    ['of a URL with a preset', limited(url, '"agentcore"'), agentcoreLimits],
    ['of AgentCore with the usual preset', limited(runtime, '"default"'), usual],
    ['of a URL with one stated', limited(url, '{"request": "5m"}'), { ...usual, requestMs: 300_000 }],
    ['of AgentCore with one stated', limited(runtime, '{"idle": "1h"}'), { ...agentcoreLimits, idleMs: 3_600_000 }],
    [
      'of a preset with all stated',
      limited(url, '{"stream": "4s", "lifetime": "3s", "idle": "2s", "request": "1s", "preset": "agentcore"}'),
      { requestMs: 1_000, idleMs: 2_000, lifetimeMs: 3_000, streamMs: 4_000 },
    ],
    [
      'of a preset with two lifted',
      limited(runtime, '{"lifetime": "unlimited", "stream": "unlimited"}'),
      { ...agentcoreLimits, lifetimeMs: null, streamMs: null },
    ],
    [
      'of AgentCore with the usual preset and one stated',
      limited(runtime, '{"preset": "default", "request": 1000}'),
      { ...usual, requestMs: 1_000 },
    ],
    ['of nothing stated', limited(url, '{}'), usual],
  ])('%s', (_what, entry, expected) => {
    expect(oneServer(entry).limits).toEqual(expected);
  });
});

describe('an entry with "agentcore" is refused', () => {
  const entry = (text: string): string => `{"mcpServers":\n {"one":\n  ${text}}}`;
  const keys = (text: string): string => entry(`{"agentcore": {${text}}}`);
  const good = `"arn": "${arn}"`;
  const table: readonly (readonly [string, string, string])[] = [
    [
      'as text',
      entry(`{"agentcore": "${arn}"}`),
      'mcp.json:3:17: mcpServers.one.agentcore: expected an object with "arn", the ARN of an AgentCore runtime, found text.',
    ],
    [
      'beside a URL',
      entry(`{"url": "http://a", "agentcore": {${good}}}`),
      'mcp.json:3:3: mcpServers.one: expected either "url" or "agentcore", found both.',
    ],
    [
      'beside a program',
      entry(`{"command": "a", "agentcore": {${good}}}`),
      'expected either "command" or "agentcore", found both.',
    ],
    [
      'beside both',
      entry(`{"url": "http://a", "command": "a", "agentcore": {${good}}}`),
      'expected either "url" or "command" or "agentcore", found all of them.',
    ],
    [
      'with arguments',
      entry(`{"agentcore": {${good}}, "args": []}`),
      'mcpServers.one.args: this key does not go with "agentcore".',
    ],
    [
      'as a program',
      entry(`{"type": "stdio", "agentcore": {${good}}}`),
      'mcpServers.one.type: "stdio" does not go with "agentcore".',
    ],
    [
      'without an ARN',
      keys('"qualifier": "DEFAULT"'),
      'mcp.json:3:17: mcpServers.one.agentcore: expected "arn", the ARN of an AgentCore runtime.',
    ],
    [
      'with a mistyped key',
      keys(`${good}, "qualifer": "x"`),
      'mcpServers.one.agentcore.qualifer: this key is not known. Did you mean "qualifier"?',
    ],
    [
      'with a number for an ARN',
      keys('"arn": 1'),
      'agentcore.arn: expected the ARN of an AgentCore runtime, found a number.',
    ],
    [
      'with an ARN of something else',
      keys('"arn": "arn:aws:s3:::bucket"'),
      'mcp.json:3:25: mcpServers.one.agentcore.arn: expected the ARN of an AgentCore runtime, such as "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/name-0123456789", or its id.',
    ],
    [
      "with an endpoint's ARN",
      keys(`"arn": "${arn}/runtime-endpoint/DEFAULT"`),
      'expected the ARN of an AgentCore runtime, such as',
    ],
    ['with an ARN that climbs', keys('"arn": "../../x"'), 'expected the ARN of an AgentCore runtime, such as'],
    [
      'with a line break after the ARN',
      keys(`"arn": "${arn}\\n"`),
      'expected the ARN of an AgentCore runtime, such as',
    ],
    [
      'in another region than its ARN',
      keys(`${good}, "region": "us-east-1"`),
      'agentcore.region: this is not the region in the ARN. Leave the key out to use that one.',
    ],
    [
      'with a region that is a host',
      keys('"arn": "x-1", "accountId": "123456789012", "region": "evil.example/x"'),
      'agentcore.region: expected a region of AWS, such as "eu-central-1".',
    ],
    [
      'with a region of addresses unknown',
      keys(`"arn": "${arn.replace('eu-central-1', 'cn-north-1')}"`),
      'agentcore: this region has addresses of its own. Give the one of AgentCore as "endpoint".',
    ],
    [
      'with an id and no region',
      keys('"arn": "x-1", "accountId": "123456789012"'),
      'agentcore.arn: the id of a runtime needs "region" too. Or give its whole ARN.',
    ],
    [
      'with an id and no account',
      keys('"arn": "x-1", "region": "eu-west-1"'),
      'agentcore.arn: the id of a runtime needs "accountId" too. Or give its whole ARN.',
    ],
    [
      'with an account beside the ARN',
      keys(`${good}, "accountId": "123456789012"`),
      'agentcore.accountId: this key goes with the id of a runtime; an ARN says it itself.',
    ],
    [
      'with a short account',
      keys('"arn": "x-1", "region": "eu-west-1", "accountId": "123"'),
      'agentcore.accountId: expected the 12 digits of an AWS account, in quotes.',
    ],
    [
      'with a number for an account',
      keys('"arn": "x-1", "region": "eu-west-1", "accountId": 123456789012'),
      'agentcore.accountId: expected the 12 digits of an AWS account, in quotes, found a number.',
    ],
    [
      'with a qualifier that adds to the query',
      keys(`${good}, "qualifier": "a&accountId=1"`),
      'agentcore.qualifier: expected the name of an endpoint of the runtime, such as "DEFAULT".',
    ],
    [
      'with a mistyped auth',
      keys(`${good}, "auth": "sigv5"`),
      'agentcore.auth: expected "sigv4" or "bearer", found "sigv5". Did you mean "sigv4"?',
    ],
    [
      'with bearer and no token',
      keys(`${good}, "auth": "bearer"`),
      'agentcore.auth: "bearer" needs "token" too, such as "${AGENTCORE_TOKEN}".',
    ],
    [
      'with a token it does not use',
      keys(`${good}, "token": "\${TOKEN}"`),
      'agentcore.token: this key goes with "auth": "bearer".',
    ],
    [
      'with a token that is not set',
      keys(`${good}, "auth": "bearer", "token": "\${NOT_SET}"`),
      'agentcore.token: the environment variable NOT_SET is not set.',
    ],
    [
      'with a token that is empty',
      keys(`${good}, "auth": "bearer", "token": "\${EMPTY}"`),
      'agentcore.token: expected a bearer token alone',
    ],
    [
      'with a token of two lines',
      keys(`${good}, "auth": "bearer", "token": "\${TWO_LINES}"`),
      'agentcore.token: expected a bearer token alone: no word before it, no space and no line break.',
    ],
    [
      'with a token and its word',
      keys(`${good}, "auth": "bearer", "token": "Bearer x"`),
      'agentcore.token: expected a bearer token alone',
    ],
    [
      'at an address that is none',
      keys(`${good}, "endpoint": "vpce"`),
      'agentcore.endpoint: expected an address that begins with https://; http:// only for this machine.',
    ],
    [
      'where anyone may read along',
      keys(`${good}, "endpoint": "http://vpce.example"`),
      'agentcore.endpoint: expected an address that begins with https://',
    ],
    [
      'at an address with a path',
      keys(`${good}, "endpoint": "https://vpce.example/a"`),
      'agentcore.endpoint: expected the address of a host alone, without a name, a path or a query.',
    ],
    [
      'at an address with a name',
      keys(`${good}, "endpoint": "https://u:p@vpce.example"`),
      'agentcore.endpoint: expected the address of a host alone',
    ],
    [
      'with a header of the signature',
      entry(`{"agentcore": {${good}}, "headers": {"X-Amz-Date": "x"}}`),
      'mcpServers.one.headers.X-Amz-Date: this header is set by "agentcore".',
    ],
    [
      'with an Authorization of its own',
      entry(`{"agentcore": {${good}}, "headers": {"authorization": "x"}}`),
      'this header is set by "agentcore".',
    ],
    [
      'with one session for all',
      entry(`{"agentcore": {${good}}, "headers": {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "x"}}`),
      'this header would put every session onto one instance of the runtime.',
    ],
    [
      'with a preset that is none',
      entry(`{"agentcore": {${good}}, "holdpoint": {"limits": "agentcor"}}`),
      'mcpServers.one.holdpoint.limits: expected "default" or "agentcore", found "agentcor". Did you mean "agentcore"?',
    ],
    [
      'with a preset inside that is none',
      entry(`{"agentcore": {${good}}, "holdpoint": {"limits": {"preset": "lambda"}}}`),
      'holdpoint.limits.preset: expected "default" or "agentcore", found "lambda".',
    ],
    [
      'with a preset that is a number',
      entry(`{"agentcore": {${good}}, "holdpoint": {"limits": {"preset": 1}}}`),
      'holdpoint.limits.preset: expected "default" or "agentcore", found a number.',
    ],
    [
      'with limits that are a list',
      entry(`{"agentcore": {${good}}, "holdpoint": {"limits": []}}`),
      'holdpoint.limits: expected "default" or "agentcore", or an object of durations, found a list.',
    ],
    [
      'with a limit that is null',
      entry(`{"agentcore": {${good}}, "holdpoint": {"limits": {"idle": null}}}`),
      'holdpoint.limits.idle: expected a duration such as "90s", "15m" or "1h30m", a whole number of milliseconds, or "unlimited".',
    ],
  ];
  it.each(table)('%s', (_what, text, words) => {
    expect(problems(text)).toEqual([expect.stringContaining(words)]);
  });

  it('without ever showing the value of a variable (I14)', () => {
    const found = problems(
      JSON.stringify({
        mcpServers: {
          a: {
            agentcore: {
              arn: '${TOKEN}!',
              region: '${TOKEN}',
              qualifier: '${TOKEN}&',
              accountId: '${TOKEN}',
              endpoint: '${TOKEN}',
            },
          },
          b: { agentcore: { arn, auth: 'bearer', token: 'x ${TOKEN}' } },
          c: { agentcore: { arn: '${TOKEN}' } },
        },
      }),
    );
    expect(found).toHaveLength(8);
    expect(found.join('\n')).not.toContain('s3cret');
  });
});

it('rules may speak of a runtime as of any server', () => {
  const text = `{"mcpServers": {"one": ${agentcore({ arn })}}, "holdpoint": {"rules": [{"decision": "deny", "server": "one"}]}}`;
  expect(settings(text).rules).toHaveLength(1);
});
