import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandSchema } from '@/lib/protocol/commands';
import { readPush } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import wire from './wire.json';

const folder = fileURLToPath(new URL('../../lib/protocol', import.meta.url));

/** The messages as written, without comments and spacing. */
function wireText(): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'version.ts',
  );
  const texts = files.sort().map((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .replace(/\s+/g, ''),
  );
  return `${texts.join('\n')}\n${JSON.stringify(z.toJSONSchema(commandSchema, { unrepresentable: 'any' }))}`;
}

describe('the wire between browser and server', () => {
  it('changes only together with its version', () => {
    const digest = createHash('sha256').update(wireText()).digest('hex');
    expect(
      { version: protocolVersion, digest },
      'a message changed: raise protocolVersion and put the new pair into wire.json',
    ).toEqual(wire);
  });

  it('leaves aside a push it does not know', () => {
    expect(readPush({ type: 'of.tomorrow' })).toBeNull();
    expect(readPush(null)).toBeNull();
    expect(readPush('storage.changed')).toBeNull();
    expect(readPush({ type: 'storage.changed', ok: true })).toEqual({ type: 'storage.changed', ok: true });
  });
});
