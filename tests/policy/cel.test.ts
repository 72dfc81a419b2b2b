import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import { checkExpression, compileRules } from '@/server/policy/cel';
import { matchOf, questionOf, ruleOf } from './policy-samples';

const args = JSON.parse(`{
  "amount": 150, "frac": 1.5, "neg": -3, "zero": 0, "list": [1, 2, 3, 4], "tags": ["prod", "eu"], "to": "mira@example.com",
  "none": null, "nested": {"a": 1, "b": {"c": [true]}}, "a b": true, "on": false, "text": "hello", "big": 9007199254740991,
  "rows": [{"id": 1, "price": 9.5}, {"id": 2, "price": 20}], "exp": 1e3, "empty": [], "object": {}
}`) as JsonObject;

describe('JSON numbers, lists and maps do what a person expects', () => {
  test.each([
    ['args.amount > 100', 'yes'],
    ['args.amount > 150', 'no'],
    ['args.amount >= 150 && args.amount <= 150.5', 'yes'],
    ['args.amount == 150', 'yes'],
    ['150 == args.amount', 'yes'],
    ['args.amount == 150.0', 'yes'],
    ['args.amount != 150', 'no'],
    ['args.amount == args.zero + 150', 'yes'],
    ['args.frac == 1.5', 'yes'],
    ['args.frac > 1', 'yes'],
    ['args.frac < 2', 'yes'],
    ['args.frac == 1', 'no'],
    ['args.neg == -3 && args.neg < 0', 'yes'],
    ['-args.neg == 3', 'yes'],
    ['args.amount in [1, 150]', 'yes'],
    ['args.amount in [1, 2]', 'no'],
    ['args.frac in [1, 1.5]', 'yes'],
    ['args.amount + 1 == 151', 'yes'],
    ['args.frac + 1 == 2.5', 'yes'],
    ['args.amount * 2 - 1 == 299', 'yes'],
    ['args.amount / 4 == 37.5', 'yes'],
    ['args.amount % 7 == 3', 'yes'],
    ['args.exp == 1000', 'yes'],
    ['args.big == 9007199254740991', 'yes'],
    ['args.list.size() > 3', 'yes'],
    ['size(args.list) == 4', 'yes'],
    ['args.list[0] == 1', 'yes'],
    ['args.list[args.nested.a] == 2', 'yes'],
    ['args.list == [1, 2, 3, 4]', 'yes'],
    ['args.list == [1, 2, 3]', 'no'],
    ['3 in args.list', 'yes'],
    ['9 in args.list', 'no'],
    ['args.list.exists(n, n > 3)', 'yes'],
    ['args.list.all(n, n > 3)', 'no'],
    ['args.list.exists_one(n, n == 2)', 'yes'],
    ['args.list.filter(n, n > 2).size() == 2', 'yes'],
    ['args.list.map(n, n * 2) == [2, 4, 6, 8]', 'yes'],
    ['args.rows.exists(r, r.price > 15)', 'yes'],
    ['args.rows.filter(r, r.price > 5).map(r, r.id) == [1, 2]', 'yes'],
    ['args.tags.exists(t, t == "prod")', 'yes'],
    ['"prod" in args.tags', 'yes'],
    ['args.empty.exists(t, t == "prod")', 'no'],
    ['args.empty == []', 'yes'],
    ['args.object == {}', 'yes'],
    ['args.nested.b.c[0]', 'yes'],
    ['args.nested == {"a": 1, "b": {"c": [true]}}', 'yes'],
    ['args.nested.all(key, key in ["a", "b"])', 'yes'],
    ['has(args.amount)', 'yes'],
    ['has(args.none)', 'yes'],
    ['has(args.missing)', 'no'],
    ['has(args.nested.a) && !has(args.nested.z)', 'yes'],
    ['!has(args.missing) || args.missing > 1', 'yes'],
    ['args.none == null', 'yes'],
    ['args.amount == null', 'no'],
    ['null == args.to', 'no'],
    ['args.amount == "150"', 'no'],
    ['args.amount != "150"', 'yes'],
    ["args['a b']", 'yes'],
    ['args["amount"] == 150', 'yes'],
    ['!args.on', 'yes'],
    ['"amount" in args', 'yes'],
    ['"missing" in args', 'no'],
    ['args.to.endsWith("@example.com")', 'yes'],
    ['args.to.contains("@")', 'yes'],
    ['["x", "mira"].exists(word, args.to.contains(word))', 'yes'],
    ['args.to.split("@")[1] in ["example.com"]', 'yes'],
    ['args.text.matches("^h.{3}o$")', 'yes'],
    ['args.text.matches("^x")', 'no'],
    ['args.text.upperAscii() == "HELLO" && size(args.text) == 5', 'yes'],
    ['glob(args.to, "*@example.com")', 'yes'],
    ['glob(args.to, "*@example.org")', 'no'],
    ['args.to == agent.owner', 'yes'],
    ['{"prod-eu": 100, "prod-us": 200}[server.name] < args.amount', 'yes'],
    ['(args.amount > 100 ? "big" : "small") == "big"', 'yes'],
    ['type(args.amount) == double', 'yes'],
    ['string(args.amount) == "150" && int("7") == 7', 'yes'],
    ['args.text in ["hello", 1, null]', 'yes'],
    ['true', 'yes'],
    ['args.on', 'no'],
  ] as const)('%s', (when, expected) => {
    expect(checkExpression(when)).toEqual({ ok: true });
    expect(matchOf(when, args)).toBe(expected);
  });
});

describe('what rules read of a call', () => {
  test.each([
    ['server.name == "prod-eu" && server.trusted', 'yes'],
    ['tool.name == "delete_row" && tool.title == "Delete a row" && tool.description == "Deletes."', 'yes'],
    ['agent.name == "night-shift" && agent.owner == "mira@example.com"', 'yes'],
    ['session.client == "claude" && session.scope == ""', 'yes'],
    ['glob(server.name, "prod-*") && glob(tool.name, "delete_*")', 'yes'],
    ['tool.readOnly || tool.idempotent', 'no'],
    ['tool.destructive && tool.openWorld', 'yes'],
  ] as const)('%s', (when, expected) => {
    expect(matchOf(when)).toBe(expected);
  });

  const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
  const tool = { name: 'a', title: '', description: '', annotations: hints };

  test('the hints of a trusted server count', () => {
    const when = 'tool.readOnly && !tool.destructive && tool.idempotent && !tool.openWorld';
    expect(matchOf(when, {}, { tool })).toBe('yes');
    const writes = { ...tool, annotations: { destructiveHint: false } };
    expect(matchOf('!tool.readOnly && !tool.destructive', {}, { tool: writes })).toBe('yes');
    const odd = { ...tool, annotations: { readOnlyHint: true, destructiveHint: true } };
    expect(matchOf('tool.readOnly && !tool.destructive', {}, { tool: odd })).toBe('yes');
  });

  test('those of a server that is not trusted count for nothing', () => {
    const when = '!tool.readOnly && tool.destructive && !tool.idempotent && tool.openWorld && !server.trusted';
    expect(matchOf(when, {}, { tool, server: { name: 's', trusted: false } })).toBe('yes');
  });

  test('what is not known is an empty text', () => {
    const more = { agent: { name: 'a', owner: null }, session: { client: null, scope: null } };
    expect(matchOf('agent.owner + session.client + session.scope == ""', {}, more)).toBe('yes');
  });
});

describe('hostile names are plain data', () => {
  const hostile = JSON.parse(
    '{"__proto__": {"admin": true}, "constructor": "c", "toString": 1, "hasOwnProperty": null}',
  ) as JsonObject;

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'size', 'get', 'valueOf', 'length'])(
    'I6: %s is absent from empty arguments',
    (key) => {
      expect(matchOf(`has(args.${key})`)).toBe('no');
      expect(matchOf(`"${key}" in args`)).toBe('no');
      expect(matchOf(`args.${key} == 1`)).toHaveProperty('error');
      expect(matchOf(`has(args.inner.${key})`, { inner: {} })).toBe('no');
      expect(matchOf(`has(args.list.${key})`, { list: ['x'] })).not.toBe('yes');
      expect(matchOf(`args.text.${key} == 1`, { text: 'x' })).toHaveProperty('error');
    },
  );

  test('and there when they are there', () => {
    expect(matchOf('args.__proto__.admin && args.constructor == "c" && args.toString == 1', hostile)).toBe('yes');
    expect(matchOf('has(args.admin)', hostile)).toBe('no');
    expect(matchOf('args.hasOwnProperty == null && args.size() == 4', hostile)).toBe('yes');
  });

  test('a map written down equals no prototype', () => {
    expect(matchOf('args == {"a": 1}', hostile)).toBe('no');
    expect(matchOf('args.m == {"a": 1}', { m: { constructor: 1 } })).toBe('no');
  });
});

describe('a rule with an error is refused at saving, with its place', () => {
  test.each([
    ['tool.nmae == "x"', 5, 'name'],
    ['has(tool.nmae)', 9, 'name'],
    ['sever.name == "x"', 0, 'server'],
    ['true &&\n  sever.name == "x"', 10, 'server'],
    ['args.x == 1 && tool.anme == "x"', 20, 'name'],
    ['has(tool.name.first)', 14, 'no fields'],
    ['tool == tool', 0, 'tool.name'],
    ['tool["name"] == "x"', 0, 'tool.name'],
    ['tool.name == 1', 0, 'string == int'],
    ['tool.name', 0, 'true or false'],
    ['args.amount + 1', 0, 'true or false'],
    ['1 +', 3, 'the end'],
    ['tool.name.startsWith("a"', 24, 'Expected ")", got the end'],
    ['args.a = "x"', 7, '== compares'],
    ['args.x == "a', 10, 'Unterminated'],
    ['args.a.contain("x")', 6, 'contains'],
    ['globb(tool.name, "x")', 0, 'glob'],
    ['glob(tool.name, 1)', 0, 'glob(string, int)'],
    ['args.l.exists(a, args.m.exists(b, a == b))', 17, 'loop inside a loop'],
    ['args.l.all(a, a.filter(b, b > 1).size() > 0)', 14, 'loop inside a loop'],
    ['args.l.map(a, a.x.map(b, b)) == []', 14, 'loop inside a loop'],
    ['args.l.exists(args, args == 1)', 14, 'something else'],
    ['args.a.matches("(a+)+$")', 15, 'very long'],
    ['args.a.matches("(a|a)*b")', 15, 'very long'],
    ['args.a.matches("(")', 15, 'not a regular expression'],
    ['args.a.matches(args.b)', 15, 'in quotes'],
    ['args.a.matches("a" + "b")', 15, 'in quotes'],
    ['tool.readOnly.matches("a")', 0, 'text is needed'],
    ['args.a.split(args.b)[0] == "x"', 6, 'in quotes'],
    ['args.id == 9007199254740993', 11, 'exact'],
    ['cel.bind(a, 1, a == 1)', 3, 'bind'],
    ['duration(args.d) > duration("1s")', 0, 'duration'],
    ['bytes("a") == b"a"', 0, 'bytes'],
    ['{args.k: 1} == {}', 1, 'keys'],
    ['{"constructor": 1} == args', 1, 'keys'],
    ['machine()', 0, 'machine'],
    ['google == google', 0, 'google'],
  ])('%s', (when, offset, words) => {
    const check = checkExpression(when);
    const lines = when.slice(0, offset).split('\n');
    expect(check).toMatchObject({
      ok: false,
      at: { offset, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 },
    });
    expect(check.ok ? '' : check.message.toLowerCase()).toContain(words.toLowerCase());
    expect(matchOf(when, args)).toHaveProperty('error');
  });

  test.each([
    ['', 'expression is needed'],
    [' \n', 'expression is needed'],
    [`args.a == "${'x'.repeat(4_000)}"`, 'at most 4000 characters'],
    [Array.from({ length: 200 }, (_, n) => `args.a == ${n}`).join(' || '), 'too long or too deep'],
    [`${'!'.repeat(3_000)}args.a`, 'deep'],
    [`${'('.repeat(1_500)}args.a${')'.repeat(1_500)}`, 'deep'],
    [`args${'.a'.repeat(1_500)}`, 'deep'],
    [`args.a in [${'1,'.repeat(1_900)}1]`, 'long'],
    [`glob(tool.name, "${'a*'.repeat(200)}")`, 'at most 256'],
  ])('%#', (when, words) => {
    const check = checkExpression(when);
    expect(check.ok ? '' : check.message.toLowerCase()).toContain(words);
  });
});

describe('a rule that fails says so and quotes nothing of the call', () => {
  const secret = 's3cr3t-v4lue';

  test.each([
    ['args.missing == 1', 'does not have'],
    [`args[args.secret] == 1`, 'does not have'],
    ['args.map[args.secret] == 1', 'does not have'],
    ['args.secret > 1', 'types'],
    ['args.secret + 1 == 2', 'types'],
    ['args.secret', 'neither true nor false'],
    ['args.secret && true', 'neither true nor false'],
    ['args.secret ? true : false', 'neither true nor false'],
    ['args.secret.exists(x, x == 1)', 'no list'],
    ['int(args.secret) == 1', 'number'],
    ['bool(args.secret)', 'true or false'],
    ['timestamp(args.secret) == timestamp(args.secret)', 'time'],
    ['args.list[7] == 1', 'end of a list'],
    ['args.secret.substring(50) == ""', 'end of a text'],
    ['args.list.matches("a")', 'not text'],
    ['args.list.contains("a")', 'not text'],
    ['args.secret.startsWith(args.list)', 'wrong type'],
    ['args.zero / args.zero == 1', 'division by zero'],
    ['1 / args.zero > 1', 'division by zero'],
    ['5 % args.zero == 1', 'division by zero'],
    ['-args.secret == 1', 'types'],
    ['glob(args.zero, "*")', 'wrong type'],
    ['args.list.exists(x, x.name == args.secret)', 'does not have'],
  ])('I14: %s', (when, words) => {
    expect(checkExpression(when)).toEqual({ ok: true });
    const match = matchOf(when, { secret, list: [1, secret], map: {}, zero: 0 });
    expect(match).toMatchObject({ error: expect.stringContaining(words) });
    expect(JSON.stringify(match)).not.toContain(secret);
  });

  test('a failure beside a sure answer does not matter', () => {
    expect(matchOf('args.missing == 1 || true')).toBe('yes');
    expect(matchOf('args.missing == 1 && false')).toBe('no');
    expect(matchOf('args.list.exists(x, x > 2)', { list: ['a', 3] })).toBe('yes');
    expect(matchOf('args.list.exists(x, x > 2)', { list: ['a', 1] })).toHaveProperty('error');
  });

  test('a rule that does not compile, or is not one of them, is never silently no', () => {
    const rule = ruleOf('tool.nmae == ""');
    expect(compileRules([rule]).match(rule, questionOf())).toMatchObject({ error: expect.stringContaining('nmae') });
    expect(compileRules([]).match(ruleOf('true'), questionOf())).toHaveProperty('error');
  });

  test('one evaluation leaves nothing for the next', () => {
    const rule = ruleOf('args.list.exists(x, x == args.want)');
    const compiled = compileRules([rule]);
    expect(compiled.match(rule, questionOf({ list: [1, 2], want: 2 }))).toBe('yes');
    expect(compiled.match(rule, questionOf({ list: [1], want: 2 }))).toBe('no');
    expect(compiled.match(rule, questionOf({ list: ['a'] }))).toHaveProperty('error');
    const again = questionOf({ list: [2], want: 2 });
    expect([compiled.match(rule, again), compiled.match(rule, again)]).toEqual(['yes', 'yes']);
  });
});
