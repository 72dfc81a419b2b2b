import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { accountSchema } from '@/examples/sandbox-accounts/account';
import type { Account } from '@/examples/sandbox-accounts/account';
import { withFileLock } from '@/examples/sandbox-accounts/file-lock';

const fileSchema = z.object({ accounts: z.array(accountSchema) });

/**
 * The accounts, in one JSON file. Each session runs a process of its own on the same file, so a change holds a lock;
 * the file is replaced whole, so a reader never sees half of it. A damaged file is an error, never overwritten.
 */
export class AccountsFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async list(): Promise<readonly Account[]> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return fileSchema.parse(JSON.parse(text)).accounts;
  }

  add(account: Account): Promise<void> {
    return this.#change((accounts) => [...accounts, account]);
  }

  /** The account that was deleted, if there was one. */
  async delete(id: string): Promise<Account | undefined> {
    let deleted: Account | undefined;
    await this.#change((accounts) => {
      deleted = accounts.find((account) => account.id === id);
      return accounts.filter((account) => account.id !== id);
    });
    return deleted;
  }

  async #change(change: (accounts: readonly Account[]) => readonly Account[]): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    await withFileLock(`${this.#path}.lock`, async () => {
      const accounts = change(await this.list());
      await this.#replace(`${JSON.stringify({ accounts }, undefined, 2)}\n`);
    });
  }

  async #replace(text: string): Promise<void> {
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
