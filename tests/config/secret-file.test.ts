import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecret } from '@/server/config/secret-file';

describe('the secret that signs cookies', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdpoint-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for its owner alone, in a folder made for it', async () => {
    const data = join(folder, 'data');
    const secret = await loadSecret(data);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await loadSecret(data)).toBe(secret);
    expect((await stat(join(data, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(data)).toEqual(['secret']);
  });

  it('is the same for all who make it at once', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secret']);
  });

  it('is closed to others again when its file was open to them', async () => {
    await writeFile(join(folder, 'secret'), 'a'.repeat(43), { mode: 0o644 });
    expect(await loadSecret(folder)).toBe('a'.repeat(43));
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('is not replaced when its file is damaged: that would sign everyone out unseen', async () => {
    await writeFile(join(folder, 'secret'), 'half');
    await expect(loadSecret(folder)).rejects.toThrow('is damaged');
  });
});
