import { describe, expect, it } from 'vitest';
import type { AgentSettings } from '@/server/engine/ports/servers';
import { problems, settings } from '@/tests/config/reading';

const own = (agents: string): string => `{"mcpServers": {},\n "holdpoint": {"agents": ${agents}}}`;
const agents = (text: string): AgentSettings => settings(own(text)).agents;

const claudeCode = { name: 'claude-code', version: null, holdMs: 240_000, tickets: true };
const usual = { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: 50_000, clients: [claudeCode] };

describe('how agents wait', () => {
  it('is known where nothing is said', () => {
    expect(settings('{"mcpServers": {}}').agents).toEqual(usual);
    expect(agents('{}')).toEqual(usual);
  });

  it('can be said, and is asked before what is known', () => {
    const text = `{
      "onDisconnect": "cancel", "disconnectGrace": "2m", "hold": "25s",
      "clients": [
        { "name": "claude-code*", "version": "2.*", "hold": "unlimited" },
        { "name": "my agent", "hold": 9000, "tickets": false },
        { "name": "*-sdk" }
      ]
    }`;
    expect(agents(text)).toEqual({
      onDisconnect: 'cancel',
      disconnectGraceMs: 120_000,
      holdMs: 25_000,
      clients: [
        { name: 'claude-code*', version: '2.*', holdMs: null, tickets: true },
        { name: 'my agent', version: null, holdMs: 9_000, tickets: false },
        { name: '*-sdk', version: null, holdMs: 25_000, tickets: true },
        claudeCode,
      ],
    });
  });

  it.each<[string, string, Partial<AgentSettings>]>([
    ['for ever', '{"hold": "unlimited"}', { holdMs: null }],
    ['no grace at all', '{"disconnectGrace": 0}', { disconnectGraceMs: 0 }],
    ['what is the default', '{"onDisconnect": "keep"}', { onDisconnect: 'keep' }],
  ])('can be %s', (_what, text, expected) => {
    expect(agents(text)).toEqual({ ...usual, ...expected });
  });
});

describe('is refused', () => {
  const table: readonly (readonly [string, string, string])[] = [
    [
      'a list',
      '[]',
      'mcp.json:2:26: holdpoint.agents: expected an object with onDisconnect, disconnectGrace, hold, clients, found a list.',
    ],
    [
      'a mistyped key',
      '{"onDisconect": "keep"}',
      'holdpoint.agents.onDisconect: this key is not known. Did you mean "onDisconnect"?',
    ],
    [
      'a mistyped choice',
      '{"onDisconnect": "cancle"}',
      'holdpoint.agents.onDisconnect: expected "keep" or "cancel", found "cancle". Did you mean "cancel"?',
    ],
    [
      'a choice that is no text',
      '{"onDisconnect": true}',
      'holdpoint.agents.onDisconnect: expected "keep" or "cancel", found true or false.',
    ],
    [
      'a grace without a unit',
      '{"disconnectGrace": "30"}',
      'holdpoint.agents.disconnectGrace: expected a duration such as',
    ],
    [
      'a grace without an end',
      '{"disconnectGrace": "unlimited"}',
      'holdpoint.agents.disconnectGrace: expected a duration such as',
    ],
    [
      'a hold that is no time',
      '{"hold": "forever"}',
      'holdpoint.agents.hold: expected a duration such as "90s", "15m" or "1h30m", a whole number of milliseconds, or "unlimited".',
    ],
    [
      'a hold that is none',
      '{"hold": "10ms"}',
      'holdpoint.agents.hold: expected a duration from 1s to 24d, found 10ms.',
    ],
    [
      'a hold beyond what timers hold',
      '{"hold": "25d"}',
      'holdpoint.agents.hold: expected a duration from 1s to 24d, found 25d.',
    ],
    [
      'clients by name',
      '{"clients": {"a": {}}}',
      'holdpoint.agents.clients: expected a list of clients, such as { "name": "my-agent*", "hold": "4m" }, found an object.',
    ],
    [
      'a client that is text',
      '{"clients": ["a"]}',
      'holdpoint.agents.clients[0]: expected a client, such as { "name": "my-agent*", "hold": "4m" }, found text.',
    ],
    [
      'a client without a name',
      '{"clients": [{"hold": "4m"}]}',
      'holdpoint.agents.clients[0]: a client needs "name", what it says as clientInfo.name; "*" for any.',
    ],
    [
      'a client with an empty name',
      '{"clients": [{"name": ""}]}',
      'holdpoint.agents.clients[0].name: an empty text matches nothing.',
    ],
    [
      'a client with a version that is a number',
      '{"clients": [{"name": "a", "version": 2}]}',
      'holdpoint.agents.clients[0].version: expected a text, in which "*" stands for any characters, found a number.',
    ],
    [
      'a client with a mistyped key',
      '{"clients": [{"name": "a", "ticket": true}]}',
      'holdpoint.agents.clients[0].ticket: this key is not known. Did you mean "tickets"?',
    ],
    [
      'tickets that are text',
      '{"clients": [{"name": "a", "tickets": "no"}]}',
      'holdpoint.agents.clients[0].tickets: expected true or false, found text.',
    ],
    [
      'a hold of a client that is none',
      '{"clients": [{"name": "a"}, {"name": "b", "hold": 0}]}',
      'holdpoint.agents.clients[1].hold: expected a duration from 1s to 24d, found 0ms.',
    ],
  ];
  it.each(table)('%s', (_what, text, words) => {
    expect(problems(own(text))).toEqual([expect.stringContaining(words)]);
  });
});
