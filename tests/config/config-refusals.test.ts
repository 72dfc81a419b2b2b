import { describe, expect, it } from 'vitest';
import { problems } from '@/tests/config/reading';

describe('mcp.json: what is refused, with line, column, key and what was expected', () => {
  const server = (entry: string): string => `{"mcpServers":\n {"one":\n  ${entry}}}`;
  const own = (keys: string): string => `{"mcpServers": {"one": {"command": "run"}},\n "holdpoint": ${keys}}`;
  const table: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'mcp.json:1:1: the file is empty'],
    ['a missing comma', '{"mcpServers": {}\n "holdpoint": {}}', 'mcp.json:2:2: a "," is expected here.'],
    ['a missing brace', '{"mcpServers": {', 'mcp.json:1:17: a "}" is missing.'],
    ['a list', '[]', 'mcp.json:1:1: expected { "mcpServers": { … } }, found a list.'],
    ['no servers at all', '{}', 'mcp.json:1:1: expected "mcpServers"'],
    [
      'a mistyped top key',
      '{"mcpServer": {}, "mcpServers": {}}',
      'mcp.json:1:2: mcpServer: this key is not known. Did you mean "mcpServers"?',
    ],
    [
      'a key twice',
      '{"mcpServers": {"a": {"command": "x"},\n"a": {"command": "y"}}}',
      'mcp.json:2:1: mcpServers.a: this key is here twice.',
    ],
    ['both forms', '{"mcpServers": {}, "servers": {}}', 'expected either "mcpServers" or "servers", found both.'],
    [
      'a server that is text',
      server('"x"'),
      'mcp.json:3:3: mcpServers.one: expected an object with "url" or "command", found text.',
    ],
    [
      'a server of neither kind',
      server('{}'),
      'mcp.json:3:3: mcpServers.one: expected "url" for a server on the network',
    ],
    [
      'a server of both kinds',
      server('{"url": "http://a", "command": "x"}'),
      'expected either "url" or "command", found both.',
    ],
    [
      'a mistyped key',
      server('{"comand": "x", "command": "y"}'),
      'mcp.json:3:4: mcpServers.one.comand: this key is not known. Did you mean "command"?',
    ],
    [
      'a far-off key',
      server('{"command": "y", "zzzzzz": 1}'),
      'mcpServers.one.zzzzzz: this key is not known. Known here: type, url,',
    ],
    [
      'our key outside its place',
      server('{"command": "y", "trusted": true}'),
      'mcpServers.one.trusted: this key is not known.',
    ],
    [
      'a key of the other kind',
      server('{"url": "http://a", "args": []}'),
      'mcpServers.one.args: this key does not go with "url".',
    ],
    [
      'headers for a program',
      server('{"command": "a", "headers": {}}'),
      'mcpServers.one.headers: this key does not go with "command".',
    ],
    [
      'a type that contradicts',
      server('{"type": "stdio", "url": "http://a"}'),
      'mcpServers.one.type: "stdio" does not go with "url".',
    ],
    ['the old transport', server('{"type": "sse", "url": "http://a"}'), "give the server's Streamable HTTP address"],
    [
      'a file address',
      server('{"url": "file:///etc/passwd"}'),
      'mcp.json:3:11: mcpServers.one.url: expected an address that begins with http:// or https://.',
    ],
    ['no address', server('{"url": "mcp.example"}'), 'mcpServers.one.url: expected an address'],
    ['an address with a password', server('{"url": "https://u:p@a"}'), 'Put it in "headers".'],
    [
      'an argument that is a number',
      server('{"command": "x", "args": ["a", 8]}'),
      'mcpServers.one.args[1]: expected text in quotes, found a number.',
    ],
    [
      'an environment that is a list',
      server('{"command": "x", "env": []}'),
      'mcpServers.one.env: expected an object of names and texts, found a list.',
    ],
    [
      'an empty program',
      server('{"command": " "}'),
      'mcpServers.one.command: expected a program to start, found nothing.',
    ],
    [
      'a variable that is not set',
      server('{"url": "https://${NOT_SET}/mcp"}'),
      'mcp.json:3:11: mcpServers.one.url: the environment variable NOT_SET is not set. Set it, or give a default: ${NOT_SET:-…}.',
    ],
    ['a variable without an end', server('{"command": "${TOKEN"}'), '"${" has no "}"'],
    [
      'an input of VS Code',
      server('{"url": "https://a", "headers": {"A": "${input:key}"}}'),
      '${input:key} would have to be asked for.',
    ],
    ['a variable of VS Code', server('{"command": "${workspace folder}"}'), '${workspace folder} is not understood.'],
    [
      'a header with a line break',
      server('{"url": "https://a", "headers": {"A": "${TWO_LINES}"}}'),
      'mcpServers.one.headers.A: a header holds one line',
    ],
    [
      'a header name with a space',
      server('{"url": "https://a", "headers": {"A B": "x"}}'),
      'mcpServers.one.headers["A B"]: this cannot be the name of a header.',
    ],
    [
      'trust that is text',
      server('{"command": "x", "holdpoint": {"trusted": "yes"}}'),
      'mcpServers.one.holdpoint.trusted: expected true or false, found text.',
    ],
    [
      'repeatable tools that are text',
      server('{"command": "x", "holdpoint": {"repeatable": "get_*"}}'),
      'mcpServers.one.holdpoint.repeatable: expected a list of names of tools, found text.',
    ],
    [
      'a repeatable tool that is no text',
      server('{"command": "x", "holdpoint": {"repeatable": ["a", true]}}'),
      'repeatable[1]: expected a name of a tool, in which "*" stands for any characters, found true or false.',
    ],
    [
      'a repeatable tool without a name',
      server('{"command": "x", "holdpoint": {"repeatable": [""]}}'),
      'mcp.json:3:49: mcpServers.one.holdpoint.repeatable[0]: expected a name of a tool, in which "*" stands for any characters, found nothing.',
    ],
    [
      'a stall without a unit',
      server('{"command": "x", "holdpoint": {"stalledAfter": "5"}}'),
      'mcpServers.one.holdpoint.stalledAfter: expected a duration such as "90s", "15m" or "1h30m", or a whole number of milliseconds.',
    ],
    [
      'slow after stalled',
      server('{"command": "x", "holdpoint": {"slowAfter": "10m", "stalledAfter": "5m"}}'),
      'mcpServers.one.holdpoint.slowAfter: a call is slow before it is stalled: expected at most 5m, which is its stalledAfter.',
    ],
    [
      'a tool that is slow after its server is stalled',
      server('{"command": "x", "holdpoint": {"stalledAfter": "5m", "tools": {"a*": {"slowAfter": "6m"}}}}'),
      'tools["a*"].slowAfter: a call is slow before it is stalled: expected at most 5m',
    ],
    [
      'tools as a list',
      server('{"command": "x", "holdpoint": {"tools": ["a"]}}'),
      'mcpServers.one.holdpoint.tools: expected an object such as { "deploy_*": { "stalledAfter": "1h" } }, found a list.',
    ],
    [
      'a tool of which nothing is said',
      server('{"command": "x", "holdpoint": {"tools": {"a": {}}}}'),
      'tools.a: expected slowAfter, stalledAfter or both, found neither.',
    ],
    [
      'a mistyped key of a tool',
      server('{"command": "x", "holdpoint": {"tools": {"a": {"stalledafter": "1m"}}}}'),
      'tools.a.stalledafter: this key is not known. Did you mean "stalledAfter"?',
    ],
    [
      'a mistyped key of ours',
      server('{"command": "x", "holdpoint": {"repeatble": []}}'),
      'mcpServers.one.holdpoint.repeatble: this key is not known. Did you mean "repeatable"?',
    ],
    [
      'a limit without a unit',
      server('{"command": "x", "holdpoint": {"limits": {"idle": "15"}}}'),
      'mcpServers.one.holdpoint.limits.idle: expected a duration such as',
    ],
    [
      'a limit beyond what timers hold',
      server('{"command": "x", "holdpoint": {"limits": {"lifetime": "25d"}}}'),
      'expected a duration from 100ms to 24d, found 25d.',
    ],
    [
      'a limit of nothing',
      server('{"command": "x", "holdpoint": {"limits": {"lifetime": 0}}}'),
      'expected a duration from 100ms to 24d',
    ],
    [
      'a name with two underscores',
      '{"mcpServers": {"a__b": {"command": "x"}}}',
      'mcp.json:1:17: mcpServers.a__b: a server\'s name may not contain "__"',
    ],
    ['a name that ends in an underscore', '{"mcpServers": {"a_": {"command": "x"}}}', 'may not end in "_"'],
    [
      'a name with a slash',
      '{"mcpServers": {"a/b": {"command": "x"}}}',
      'mcpServers["a/b"]: a server is named with 1 to 64 letters',
    ],
    ['a name of dots', '{"mcpServers": {"..": {"command": "x"}}}', 'a server is named with 1 to 64 letters'],
    [
      'a name too long',
      `{"mcpServers": {"${'a'.repeat(65)}": {"command": "x"}}}`,
      'a server is named with 1 to 64 letters',
    ],
    [
      'a rule without a decision',
      own('{"rules": [{"tool": "x"}]}'),
      'mcp.json:2:26: holdpoint.rules[0]: a rule needs "decision"',
    ],
    [
      'a mistyped decision',
      own('{"rules": [{"decision": "dney"}]}'),
      'holdpoint.rules[0].decision: expected "allow", "hold" or "deny", found "dney". Did you mean "deny"?',
    ],
    [
      'a rule for no server',
      own('{"rules": [{"decision": "deny", "server": "oen"}]}'),
      'holdpoint.rules[0].server: no server is called "oen".',
    ],
    [
      'a rule with a mistyped mark',
      own('{"rules": [{"decision": "deny", "annotations": {"readonly": true}}]}'),
      'Did you mean "readOnly"?',
    ],
    [
      "a rule with MCP's own word",
      own('{"rules": [{"decision": "deny", "annotations": {"destructiveHint": true}}]}'),
      'annotations.destructiveHint: this key is not known.',
    ],
    [
      'a deadline where nobody is asked',
      own('{"rules": [{"decision": "deny", "deadline": "5m"}]}'),
      'only a rule with "decision": "hold" has a deadline.',
    ],
    [
      'two rules of one name',
      own('{"rules": [{"id": "a", "decision": "deny"}, {"id": "a", "decision": "hold"}]}'),
      'another rule is already called "a".',
    ],
    [
      'the name of a default',
      own('{"rules": [{"id": "default-allow", "decision": "deny"}]}'),
      'is the name of a rule that is always there',
    ],
    ['an empty pattern', own('{"rules": [{"decision": "deny", "tool": ""}]}'), 'an empty name matches nothing.'],
    [
      'a mistyped time',
      own('{"idleSesion": "1m"}'),
      'holdpoint.idleSesion: this key is not known. Did you mean "idleSession"?',
    ],
    ['a negative time', own('{"heartbeat": -1}'), 'holdpoint.heartbeat: expected a duration'],
    [
      'a broken count',
      own('{"limits": {"sessionsPerAgent": 1.5}}'),
      'holdpoint.limits.sessionsPerAgent: expected a whole number from 1 to 100000.',
    ],
    [
      'a size too small',
      own('{"limits": {"argumentsBytes": "12B"}}'),
      'holdpoint.limits.argumentsBytes: expected a size such as',
    ],
  ];
  it.each(table)('%s', (_what, text, words) => {
    expect(problems(text)).toEqual([expect.stringContaining(words)]);
  });

  it('names every problem at once, in the order of the file', () => {
    const found = problems('{"mcpServers": {\n"a": {"url": "x"},\n"b": {"command": 1},\n"c": {"urll": ""}}}');
    expect(found.map((problem) => problem.split(':')[1])).toEqual(['2', '3', '4', '4']);
  });

  it('never shows the value of a variable (I14)', () => {
    const found = problems(
      '{"mcpServers": {"a": {"url": "${TOKEN}"}, "b": {"url": "https://b", "headers": {"A": "${TWO_LINES}${TOKEN}"}}}}',
    );
    expect(found).toHaveLength(2);
    expect(found.join('\n')).not.toContain('s3cret');
  });
});
