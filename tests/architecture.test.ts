import { describe, expect, test } from 'vitest';
import { habitProblems, mostLines, sizeProblems, usualLines } from '@/tests/support/habits';
import { importsOf } from '@/tests/support/imports';
import { arrowProblems } from '@/tests/support/parts';
import { readSourceTree } from '@/tests/support/source-tree';
import type { SourceFile } from '@/tests/support/source-tree';

describe('this repository', () => {
  const tree = readSourceTree();

  test('is what was read', () => {
    expect(tree.map((file) => file.path)).toContain('tests/architecture.test.ts');
    expect(tree.map((file) => file.path)).toContain('vitest.config.ts');
  });

  test('keeps the arrows between its parts', () => {
    expect(tree.flatMap(arrowProblems)).toEqual([]);
  });

  test('keeps its habits', () => {
    expect([...tree.flatMap(habitProblems), ...sizeProblems(tree)]).toEqual([]);
  });

  test('lets Next into the server through one file only', () => {
    const files = tree.filter((file) => file.path.startsWith('server/') && importsNext(file));
    expect(files.length).toBeLessThanOrEqual(1);
  });
});

function importsNext(file: SourceFile): boolean {
  return importsOf(file).some((each) => each.kind === 'package' && each.target === 'next');
}

function source(path: string, text: string): SourceFile {
  return { path, text };
}

describe('imports are found', () => {
  const targets = (text: string, path = 'server/engine/commit.ts'): readonly string[] =>
    importsOf(source(path, text)).map(({ kind, target }) => `${kind} ${target}`);

  test.each([
    ["import { a } from '@/lib/domain/ids';", 'file lib/domain/ids'],
    ["import type { A } from '../store/schema';", 'file server/store/schema'],
    ["import {\n  a,\n  type B,\n} from './ports/clock';", 'file server/engine/ports/clock'],
    ["import a, * as b from 'zod';", 'package zod'],
    ["import a from '@hono/node-server/serve';", 'package @hono/node-server'],
    ["import Link from 'next/link';", 'package next'],
    ["import 'server-only';", 'package server-only'],
    ["import fs from 'node:fs/promises';", 'node fs/promises'],
    ["import fs from 'fs';", 'node fs'],
    ["export { a } from './a';", 'file server/engine/a'],
    ["export type { A } from './a.ts';", 'file server/engine/a'],
    ["export * from '@/server/store';", 'file server/store'],
    ["const a = await import('@/lib/domain/ids');", 'file lib/domain/ids'],
    ["type A = import('../store/schema').A;", 'file server/store/schema'],
    ["const a = require('react');", 'package react'],
    ['const a = await import(name);', 'computed name'],
    ['const a = await import(`./${name}`);', 'computed `./${name}`'],
  ])('%s', (text, found) => {
    expect(targets(text)).toEqual([found]);
  });

  test('comments and strings are not imports', () => {
    const text = "// import a from 'b';\n/**\n * import('c')\n */\nconst words = \"import d from 'e'\";\n";
    expect(targets(text)).toEqual([]);
  });

  test('stylesheets import too', () => {
    expect(targets("@import '../tokens.css';", 'app/styles/ui.css')).toEqual(['file app/tokens.css']);
  });
});

describe('a wrong arrow is refused', () => {
  test.each([
    ['lib/domain/call.ts', "import { z } from 'zod';"],
    ['lib/domain/call.ts', "import { a } from '@/lib/protocol/answer';"],
    ['lib/domain/call.ts', "import { randomUUID } from 'node:crypto';"],
    ['lib/domain/call.ts', "import { randomUUID } from 'crypto';"],
    ['lib/domain/form/field.ts', "export { a } from '../../protocol/answer';"],
    ['lib/protocol/answer.ts', "import { useState } from 'react';"],
    ['lib/protocol/answer.ts', "import type { A } from '@/server/engine/ports/clock';"],
    ['server/engine/commit.ts', "import { a } from '@/lib/protocol/answer';"],
    ['server/engine/commit.ts', "import { a } from '../store/rows';"],
    ['server/engine/commit.ts', "import { sql } from 'kysely';"],
    ['server/engine/commit.ts', 'const a = await import(where);'],
    ['server/store/rows.ts', "import { a } from '@/server/gateway/rooms';"],
    ['server/store/rows.ts', "import { a } from '@/server/engine/commit';"],
    ['server/upstream/stdio/spawn.ts', "const a = await import('../../downstream/mcp');"],
    ['server/gateway/rooms.ts', "import { a } from '@/components/queue/row';"],
    ['server/gateway/rooms.ts', "import React from 'react';"],
    ['components/queue/row.tsx', "import { io } from 'socket.io-client';"],
    ['components/queue/row.tsx', "import type { A } from '@/server/engine/ports/clock';"],
    ['components/queue/row.tsx', "import Page from '@/app/queue/page';"],
    ['components/live/socket.ts', "import { Row } from '@/components/queue/row';"],
    ['app/queue/page.tsx', "import { a } from '../../server/config/environment';"],
    ['app/queue/page.tsx', "import { readFile } from 'node:fs/promises';"],
    ['examples/agent/main.ts', "import { a } from '@/lib/domain/ids';"],
    ['lib/shared/thing.ts', 'export const a = 1;'],
    ['server/cluster/vote.ts', 'export const a = 1;'],
  ])('%s: %s', (path, text) => {
    expect(arrowProblems(source(path, text))).toHaveLength(1);
  });
});

describe('a right arrow is allowed', () => {
  test.each([
    ['lib/domain/call.ts', "import type { CallId } from './ids';"],
    ['lib/protocol/answer.ts', "import { z } from 'zod';\nimport type { A } from '@/lib/domain/ids';"],
    ['server/engine/commit.ts', "import { a } from '@/lib/domain/call';\nimport { b } from './ports/store';"],
    ['server/store/rows.ts', "import { sql } from 'kysely';\nimport type { A } from '@/server/engine/ports/store';"],
    ['server/gateway/rooms.ts', "import { Server } from 'socket.io';\nimport { a } from '@/lib/protocol/answer';"],
    ['server/main.ts', "import { a } from '@/server/store/rows';\nimport next from 'next';"],
    ['components/live/socket.ts', "import { io } from 'socket.io-client';\nimport { a } from '@/lib/domain/ids';"],
    ['components/queue/row.tsx', "import Link from 'next/link';\nimport { use } from '@/components/live/hooks';"],
    ['app/layout.tsx', "import './styles/ui.css';\nimport { Shell } from '@/components/ui/shell';"],
    ['tests/store/contract.test.ts', "import { Client } from 'pg';\nimport { a } from '@/server/store/rows';"],
  ])('%s: %s', (path, text) => {
    expect(arrowProblems(source(path, text))).toEqual([]);
  });
});

describe('a broken habit is refused', () => {
  const lines = (count: number): string => 'const a = 1;\n'.repeat(count);

  // Written in halves, so that this file keeps the habits itself.
  test.each([
    ['too long', 'lib/domain/call.ts', lines(mostLines + 1)],
    ['star export', 'lib/domain/call.ts', "export const a = 1;\nexport * from './ids';"],
    ['barrel', 'lib/domain/index.ts', "/** All. */\nexport { a } from './ids';\nexport type { B } from './call';\n"],
    ['vague file', 'lib/domain/utils.ts', lines(1)],
    ['vague folder', 'components/helpers/row.tsx', lines(1)],
    ['disabled rule', 'lib/domain/call.ts', `// eslint${'-disable'}-next-line no-console`],
    ['disabled rule of this linter', 'tests/a.test.ts', `// oxlint${'-disable'}-next-line`],
    ['ignored format', 'lib/domain/call.ts', `// biome${'-ignore'} format: no`],
    ['silenced type', 'lib/domain/call.ts', `// @ts${'-expect-error'} no`],
    ['silenced type in a test', 'tests/a.test.ts', `// @ts${'-ignore'}`],
    ['unfinished', 'lib/domain/call.ts', `// ${'TO'}DO later`],
    ['unfinished style', 'app/styles/ui.css', `/* ${'FIX'}ME */`],
    ['environment in the engine', 'server/engine/commit.ts', 'const a = process.env.PORT;'],
    ['environment in a page', 'app/page.tsx', "const a = process.env['PORT'];"],
    ['environment by import', 'server/store/rows.ts', "import { env } from 'node:process';"],
  ])('%s', (_name, path, text) => {
    expect(habitProblems(source(path, text))).toHaveLength(1);
  });

  test('more than 5 % of the files long', () => {
    const short = Array.from({ length: 18 }, (_, index) => source(`lib/domain/a${index}.ts`, lines(usualLines - 1)));
    const long = source('lib/domain/long.ts', lines(usualLines));
    expect(sizeProblems([...short, long])).toHaveLength(1);
    expect(sizeProblems([...short, long, source('lib/domain/b.ts', lines(1))])).toEqual([]);
  });
});

describe('a kept habit is allowed', () => {
  test.each([
    ['as long as may be', 'lib/domain/call.ts', 'const a = 1;\n'.repeat(mostLines)],
    ['one re-export beside code', 'lib/domain/call.ts', "export { a } from './ids';\nexport const b = 1;"],
    ['environment in config', 'server/config/environment.ts', 'const a = process.env.PORT;'],
    ['environment in main', 'server/main.ts', 'const a = process.env.PORT;'],
    ['words about the environment', 'server/engine/commit.ts', '// process.env is read by server/config'],
    ['an expected type error in a test', 'tests/a.test.ts', `// @ts${'-expect-error'}: a CallId is not a RequestId`],
  ])('%s', (_name, path, text) => {
    expect(habitProblems(source(path, text))).toEqual([]);
  });
});
