import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Clock } from '@/server/engine/ports/clock';
import { SchemaCompiler } from '@/server/servers/schema-compiler';
import { notReached, schemaCharactersMost, SchemaVerdicts } from '@/server/servers/schema-verdicts';
import { silent, StillClock } from '@/tests/policy/policy-place';

/** Each reference to it is compiled into the place where it stands: a small text that is hours of work. */
function endless(): string {
  const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`p${n}`, { type: 'string', minLength: 1 }]));
  const refs = Array.from({ length: 1_500 }, () => ({ $ref: '#/$defs/wide' }));
  return JSON.stringify({ type: 'object', allOf: refs, $defs: { wide: { type: 'object', properties: wide } } });
}

const fine = (name: string): string => JSON.stringify({ type: 'object', required: [name] });

/** Real time, thirty times as fast for what is waited for. */
const hasty: Clock = {
  now: () => Date.now() * 30,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs / (delayMs > 5_000 ? 1 : 30));
    return () => clearTimeout(timer);
  },
};

test('what takes too long to compile is ended in its own thread, and costs the other schemas nothing', async () => {
  const verdicts = new SchemaVerdicts({ clock: hasty, log: silent });
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  const found = await verdicts.of('hostile', [endless(), fine('a')]);
  clearInterval(turning);
  expect(found).toEqual([{ why: 'too_slow', detail: '' }, null]);
  // The event loop went round all the while.
  expect(turns).toBeGreaterThan(5);
});

test('who was only at it when the time was over is not blamed: it is looked at again', async () => {
  const standing: Clock = { ...hasty, now: () => 0 };
  const small = fine('a');
  const slow = endless();
  const { verdicts } = await new SchemaCompiler({ clock: standing, log: silent }).compile([small, slow]);
  expect([...verdicts]).toEqual([[small, null]]);
});

/** Counts what it is asked to compile, and says it took as long as the test wants. */
class CountingCompiler extends SchemaCompiler {
  readonly asked: string[][] = [];
  tookMs = 0;

  override compile(texts: readonly string[]): ReturnType<SchemaCompiler['compile']> {
    this.asked.push([...texts]);
    return Promise.resolve({ verdicts: new Map(texts.map((text) => [text, null])), tookMs: this.tookMs });
  }
}

function counted() {
  const clock = new StillClock();
  const compiler = new CountingCompiler({ clock, log: silent });
  return { clock, compiler, verdicts: new SchemaVerdicts({ clock, log: silent, compiler }) };
}

test('a schema is compiled once, whoever lists it and however often, also at the same time', async () => {
  const { compiler, verdicts } = counted();
  await Promise.all([verdicts.of('a', [fine('x'), fine('y')]), verdicts.of('b', [fine('y')])]);
  await verdicts.of('b', [fine('x')]);
  expect(compiler.asked).toEqual([[fine('x'), fine('y')]]);
});

test('a server whose schemas are new at every look is compiled for only so long; others still are', async () => {
  const { clock, compiler, verdicts } = counted();
  compiler.tookMs = 2_000;
  for (let look = 0; look < 10; look += 1) await verdicts.of('hostile', [fine(`look ${look}`)]);
  expect(compiler.asked).toHaveLength(3);
  expect(await verdicts.of('hostile', [fine('look 9')])).toEqual([notReached]);
  expect(await verdicts.of('orders', [fine('look 9')])).toEqual([null]);
  clock.at += 600_000;
  expect(await verdicts.of('hostile', [fine('look 10')])).toEqual([null]);
});

test('a schema larger than an agent should be made to compile is never begun', async () => {
  const { compiler, verdicts } = counted();
  const large = JSON.stringify({ type: 'object', title: 'x'.repeat(schemaCharactersMost) });
  expect(await verdicts.of('a', [large])).toEqual([{ why: 'too_large', detail: '' }]);
  expect(compiler.asked).toEqual([]);
});

test('nothing a schema refers to is fetched', async () => {
  let fetched = 0;
  const http = createServer((_req, res) => {
    fetched += 1;
    res.end('{}');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/schema.json`;
  const verdicts = new SchemaVerdicts({ clock: hasty, log: silent });
  const [verdict] = await verdicts.of('a', [JSON.stringify({ type: 'object', properties: { a: { $ref: url } } })]);
  await new Promise<void>((resolve) => http.close(() => resolve()));
  expect(verdict).toMatchObject({ why: 'broken', detail: expect.stringContaining('schema.json') as string });
  expect(fetched).toBe(0);
});
