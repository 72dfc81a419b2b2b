import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptySettings, readConfigFile } from '@/server/config/config-file';
import { oneServer, settings } from '@/tests/config/reading';
import { versionOf } from '@/server/policy/rule-book';
import { ruleOf } from '@/tests/support/desk';
import { learnedPace } from '@/server/engine/ports/servers';

const usualLimits = { requestMs: null, idleMs: 600_000, lifetimeMs: null, streamMs: null };

describe('mcp.json: what is understood', () => {
  it('is the form of Claude Desktop and Cursor', () => {
    const text = `{
      "mcpServers": {
        "github": { "url": "https://api.example/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" } },
        "files": { "command": "npx", "args": ["-y", "server-files", "/srv"], "env": { "DEBUG": "1" } }
      }
    }`;
    expect(settings(text)).toEqual({
      ...emptySettings(),
      servers: [
        {
          name: 'github',
          transport: {
            kind: 'http',
            url: 'https://api.example/mcp',
            headers: { Authorization: 'Bearer s3cret' },
            sign: null,
          },
          trusted: false,
          repeatable: [],
          limits: usualLimits,
          pace: learnedPace,
        },
        {
          name: 'files',
          transport: {
            kind: 'stdio',
            command: 'npx',
            args: ['-y', 'server-files', '/srv'],
            env: { DEBUG: '1' },
            cwd: null,
          },
          trusted: false,
          repeatable: [],
          limits: usualLimits,
          pace: learnedPace,
        },
      ],
    });
  });

  it('is the form of VS Code, with comments, trailing commas and a byte order mark', () => {
    const text = `\uFEFF// ours
    {
      "$schema": "https://example.com/schema.json",
      "inputs": [],
      "servers": {
        "a": { "type": "http", "url": "https://\${env:HOST_NAME}/mcp", },
        "b": { "type": "stdio", "command": "b", /* as is */ },
      },
    }`;
    expect(settings(text).servers.map((server) => server.transport)).toEqual([
      { kind: 'http', url: 'https://mcp.example/mcp', headers: {}, sign: null },
      { kind: 'stdio', command: 'b', args: [], env: {}, cwd: null },
    ]);
  });

  it.each([
    ['a default for a missing variable', '"${NOT_SET:-fallback}"', 'fallback'],
    ['a default for an empty variable', '"${EMPTY:-fallback}"', 'fallback'],
    ['a default with punctuation', '"${NOT_SET:-http://a:1/?b}"', 'http://a:1/?b'],
    ['an empty default', '"x${NOT_SET:-}y"', 'xy'],
    ['several in one text', '"${HOST_NAME}/${TOKEN}"', 'mcp.example/s3cret'],
    ['an escaped one', '"echo $${HOME} $HOME"', 'echo ${HOME} $HOME'],
    ['a value that looks like a variable is not expanded again', '"${NOT_SET:-$X}"', '$X'],
  ])('expands %s', (_what, arg, expected) => {
    expect(oneServer(`{"command": "run", "args": [${arg}]}`).transport).toMatchObject({ args: [expected] });
  });

  it('reads our own keys under one name', () => {
    const entry = oneServer(
      '{"url": "http://localhost:1/mcp", "holdpoint": {"trusted": true, "repeatable": ["get_*", "list"], "limits": {"request": "15m", "idle": 900000, "lifetime": "1h30m", "stream": "2h"}}}',
    );
    expect(entry.trusted).toBe(true);
    expect(entry.repeatable).toEqual(['get_*', 'list']);
    expect(entry.limits).toEqual({
      requestMs: 900_000,
      idleMs: 900_000,
      lifetimeMs: 5_400_000,
      streamMs: 7_200_000,
    });
  });

  it('reads when calls are slow and stalled, of a server and of tools by pattern, in their order', () => {
    const entry = oneServer(
      '{"command": "run", "holdpoint": {"slowAfter": "20s", "stalledAfter": "5m", "tools": {"deploy_*": {"stalledAfter": "1h"}, "*": {"slowAfter": 1500}}}}',
    );
    expect(entry.pace).toEqual({
      slowAfterMs: 20_000,
      stalledAfterMs: 300_000,
      tools: [
        { tool: 'deploy_*', slowAfterMs: null, stalledAfterMs: 3_600_000 },
        { tool: '*', slowAfterMs: 1_500, stalledAfterMs: null },
      ],
    });
  });

  it('takes a relative folder from where the file is', () => {
    expect(oneServer('{"command": "run", "cwd": "tools"}').transport).toMatchObject({ cwd: '/etc/holdpoint/tools' });
  });

  it('leaves out a disabled server, but lets rules speak of it', () => {
    const text =
      '{"mcpServers": {"one": {"command": "run", "disabled": true}}, "holdpoint": {"rules": [{"decision": "deny", "server": "one"}]}}';
    expect(settings(text).servers).toEqual([]);
  });

  it('reads rules, times and limits', () => {
    const text = `{
      "mcpServers": { "accounts": { "command": "run" } },
      "holdpoint": {
        "rules": [
          { "id": "no-deletes", "decision": "deny", "server": "acc*", "tool": "delete_*", "reason": "Ask in #ops." },
          { "decision": "hold", "annotations": { "destructive": true, "readOnly": false }, "deadline": "5m" },
          { "decision": "allow", "annotations": { "idempotent": true } }
        ],
        "idleSession": "1h", "requestDeadline": 60000, "heartbeat": "2s", "endingGrace": "500ms",
        "limits": { "sessionsPerAgent": 3, "openCallsPerSession": 4, "requestsPerSecond": 5, "argumentsBytes": "512KB" }
      }
    }`;
    expect(settings(text)).toMatchObject({
      rules: [
        ruleOf({ id: 'no-deletes', decision: 'deny', server: 'acc*', tool: 'delete_*', reason: 'Ask in #ops.' }),
        ruleOf({
          id: 'rule-2',
          decision: 'hold',
          when: '!tool.readOnly && tool.destructive',
          hold: { deadlineMs: 300_000 },
        }),
        ruleOf({ id: 'rule-3', decision: 'allow', when: 'tool.idempotent' }),
      ],
      idleSessionMs: 3_600_000,
      requestDeadlineMs: 60_000,
      heartbeatMs: 2_000,
      endingGraceMs: 500,
      limits: { sessionsPerAgent: 3, openCallsPerSession: 4, requestsPerSecond: 5, argumentsBytes: 524_288 },
    });
  });

  it('says which rules an approval was given under: the version follows the rules and their order, nothing else (I6)', () => {
    const rule = (tool: string): string => `{"decision": "hold", "id": "${tool}", "tool": "${tool}"}`;
    const version = (rules: string, servers = '{}'): string =>
      versionOf(settings(`{"mcpServers": ${servers}, "holdpoint": {"rules": [${rules}]}}`).rules);
    const first = version(`${rule('a')},${rule('b')}`);
    expect(version(`${rule('a')}, ${rule('b')}`, '{"one": {"command": "run"}}')).toBe(first);
    expect(version(`${rule('b')},${rule('a')}`)).not.toBe(first);
    expect(version(rule('a'))).not.toBe(first);
  });
});

describe('the file itself', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdpoint-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('may be missing where nobody asked for it: no servers, and words on how to make one', async () => {
    const path = join(folder, 'mcp.json');
    expect(await readConfigFile({ path, explicit: false }, {})).toEqual({
      ok: true,
      settings: emptySettings(),
      notice: expect.stringContaining(`There is no ${path}`),
    });
  });

  it('may not be missing when it was asked for by name', async () => {
    const reading = await readConfigFile({ path: join(folder, 'mcp.json'), explicit: true }, {});
    expect(reading).toEqual({
      ok: false,
      problems: [expect.stringContaining('HOLDPOINT_CONFIG: expected a configuration file')],
    });
  });

  it('cannot be a folder', async () => {
    const reading = await readConfigFile({ path: folder, explicit: false }, {});
    expect(reading).toEqual({ ok: false, problems: [expect.stringContaining('cannot be read')] });
  });

  it('is read from disk, and says when it names no server', async () => {
    const path = join(folder, 'mcp.json');
    await writeFile(path, '{"mcpServers": {}}');
    expect(await readConfigFile({ path, explicit: true }, {})).toMatchObject({
      ok: true,
      notice: expect.stringContaining('names no server'),
    });
    await writeFile(path, '{"mcpServers": {"a": {"command": "x"}}}');
    expect(await readConfigFile({ path, explicit: true }, {})).toMatchObject({ ok: true, notice: null });
    await writeFile(path, '{"mcpServers": {"a": {"command": 1}}}');
    expect(await readConfigFile({ path, explicit: true }, {})).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('mcp.json:1:')],
    });
  });
});
