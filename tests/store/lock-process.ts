import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundled } from './bundled';

export interface LockHolder {
  readonly pid: number;
  readonly outcome: { readonly ok: boolean; readonly message?: string };
  /** Its next word after the first. */
  nextState(): Promise<unknown>;
  /** Ends it by kill -9. */
  kill(): Promise<void>;
  /** Lets it release the lock and end by itself. */
  release(): Promise<void>;
}

/** Real processes that take the exclusive lock: `lock-holder.ts`, bundled once. */
export async function lockHolders(): Promise<{
  start(databaseUrl: string): Promise<LockHolder>;
  stop(): Promise<void>;
}> {
  const program = await bundled('lock-holder.ts');
  const children = new Set<ChildProcess>();
  return {
    async start(databaseUrl) {
      const child = spawn(process.execPath, [program.file, databaseUrl], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.add(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const nextLine = async (): Promise<unknown> => {
        const line = await lines.next();
        if (line.done === true) throw new Error('the process ended without a word');
        return JSON.parse(line.value) as unknown;
      };
      const outcome = (await nextLine()) as LockHolder['outcome'];
      const ended = async (end: () => void): Promise<void> => {
        const exit = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
        end();
        await exit;
        children.delete(child);
      };
      return {
        pid: child.pid ?? 0,
        outcome,
        nextState: nextLine,
        kill: () => ended(() => child.kill('SIGKILL')),
        release: () => ended(() => child.stdin.write('release\n')),
      };
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await program.remove();
    },
  };
}
