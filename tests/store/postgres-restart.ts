import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

export interface StoppedPostgres {
  /** Starts it again as it was; resolved when it takes connections. */
  start(): Promise<{ end(): Promise<void> }>;
}

/** Stops the server behind `url` as its operator would, and can start it again on the same data and port. */
export async function stopPostgres(url: string): Promise<StoppedPostgres> {
  const { pid, gone } = await runningServer(url);
  const [program, ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((part) => part !== '');
  const { uid, gid } = await stat(`/proc/${pid}`);
  const cwd = args[args.indexOf('-D') + 1] ?? '/';
  process.kill(pid, 'SIGINT');
  await gone();
  return {
    async start() {
      // With the rights it had: it refuses to be root.
      const owner = process.getuid?.() === 0 ? { uid, gid } : {};
      const server = spawn(program ?? 'postgres', args, { ...owner, cwd, stdio: ['ignore', 'ignore', 'pipe'] });
      const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
      const said: string[] = [];
      await new Promise<void>((resolve, reject) => {
        void closed.then(() => reject(new Error(`PostgreSQL did not start again:\n${said.join('\n')}`)));
        createInterface({ input: server.stderr }).on('line', (line) => {
          said.push(line);
          if (line.includes('ready to accept connections')) resolve();
        });
      });
      return {
        async end() {
          server.kill('SIGINT');
          await closed;
        },
      };
    },
  };
}

async function runningServer(url: string): Promise<{ readonly pid: number; readonly gone: () => Promise<void> }> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ file: string }>("select pg_read_file('postmaster.pid') as file");
  await client.end();
  const pid = Number(rows[0]?.file.split('\n')[0]);
  return {
    pid,
    async gone() {
      // A zombie has no command line any more; its parent in this process reaps it.
      while ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '') {
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
    },
  };
}
