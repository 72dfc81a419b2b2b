import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { plainFileProblem } from '@/server/files/plain-file';

export const manifestName = 'backup.json';

const schema = z.object({
  format: z.literal(1),
  kind: z.enum(['sqlite', 'postgres']),
  /** Epoch milliseconds: what happened later is not in it. */
  madeAt: z.number().int().nonnegative(),
  /** Of Holdpoint. */
  version: z.string().max(100),
  file: z.enum(['holdpoint.db', 'holdpoint.dump']),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Whether the secret is in it; not where it comes from the environment. */
  hasSecret: z.boolean(),
});

/** What a backup's folder says of itself. */
export type Manifest = Readonly<z.infer<typeof schema>>;

export const databaseFiles: { readonly [K in Manifest['kind']]: Manifest['file'] } = {
  sqlite: 'holdpoint.db',
  postgres: 'holdpoint.dump',
};

export async function digestOf(file: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

export type ManifestReading =
  | { readonly ok: true; readonly manifest: Manifest; readonly file: string }
  | { readonly ok: false; readonly message: string };

/** Reads a backup and checks that it is whole, bit by bit. */
export async function readBackup(folder: string): Promise<ManifestReading> {
  const no = (message: string): ManifestReading => ({ ok: false, message });
  const described = path.join(folder, manifestName);
  const problem = await plainFileProblem(described);
  if (problem !== null) return no(`${folder} is no backup: ${problem} Name the folder that "holdpoint backup" made.`);
  let text: string;
  try {
    text = await readFile(described, 'utf8');
  } catch {
    return no(`${described} cannot be read. Run this as the user who made the backup.`);
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) return no(`${described} is damaged, or of a later Holdpoint.`);
  const manifest = parsed.data;
  const file = path.join(folder, manifest.file);
  const odd = await plainFileProblem(file);
  if (odd !== null) return no(odd);
  try {
    const { bytes, sha256 } = await digestOf(file);
    if (bytes !== manifest.bytes || sha256 !== manifest.sha256)
      return no(`${file} is not as it was written: ${bytes} bytes instead of ${manifest.bytes}, or other ones.`);
  } catch {
    return no(`${file} cannot be read. Run this as the user who made the backup.`);
  }
  return { ok: true, manifest, file };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
