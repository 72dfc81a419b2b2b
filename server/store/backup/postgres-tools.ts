import { spawn } from 'node:child_process';

/** `out` is what the program wrote for us to read. */
export type ToolOutcome =
  | { readonly ok: true; readonly out: string }
  | { readonly ok: false; readonly message: string };

/** libpq's variables for an address: a password in the arguments would be seen by everyone on the machine. */
export function libpqVariables(databaseUrl: string): Readonly<Record<string, string>> {
  const url = new URL(databaseUrl);
  const given: readonly (readonly [string, string])[] = [
    ['PGHOST', url.hostname.replace(/^\[|\]$/g, '')],
    ['PGPORT', url.port],
    ['PGUSER', decodeURIComponent(url.username)],
    ['PGPASSWORD', decodeURIComponent(url.password)],
    ['PGDATABASE', decodeURIComponent(url.pathname.slice(1))],
    ['PGSSLMODE', url.searchParams.get('sslmode') ?? ''],
    ['PGSSLROOTCERT', url.searchParams.get('sslrootcert') ?? ''],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

export interface PostgresTool {
  readonly tool: 'pg_dump' | 'pg_restore';
  readonly args: readonly string[];
  readonly databaseUrl: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Runs a program of PostgreSQL's that is on the machine, on the database of an address. */
export function runPostgresTool({ tool, args, databaseUrl, variables }: PostgresTool): Promise<ToolOutcome> {
  const env = { ...variables, ...libpqVariables(databaseUrl) } as NodeJS.ProcessEnv;
  return new Promise((resolve) => {
    const child = spawn(tool, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = `${words}${chunk.toString('utf8')}`.slice(-2_000);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = `${tool} was not found. Install PostgreSQL's client programs, of the server's version or newer.`;
      resolve({ ok: false, message: error.code === 'ENOENT' ? missing : `${tool}: ${error.message}` });
    });
    child.once('close', (code) =>
      resolve(
        code === 0
          ? { ok: true, out: Buffer.concat(out).toString('utf8') }
          : { ok: false, message: `${tool} failed: ${words.trim()}${versionAdvice(words)}` },
      ),
    );
  });
}

/** A program that is older than the server, or than what made the backup, says so in words that do not say what to do. */
function versionAdvice(words: string): string {
  return /version mismatch|unsupported version/i.test(words)
    ? ". Install PostgreSQL's client programs of the server's version or newer, and put them first in PATH."
    : '';
}
