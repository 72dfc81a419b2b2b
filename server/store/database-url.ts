export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly where: string };

export type TargetResult =
  | { readonly ok: true; readonly target: DatabaseTarget }
  | { readonly ok: false; readonly message: string };

const forms = 'sqlite:./data/holdpoint.db or postgres://user:password@host:5432/name';

/** Reads a `DATABASE_URL`. Messages never repeat it: it may hold a password. */
export function readDatabaseUrl(databaseUrl: string): TargetResult {
  if (databaseUrl.startsWith('sqlite:')) return readFile(databaseUrl.slice('sqlite:'.length));
  if (!/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    return { ok: false, message: `The database URL must look like ${forms}.` };
  }
  if (!URL.canParse(databaseUrl)) return { ok: false, message: 'The postgres:// database URL cannot be read.' };
  const { host, pathname } = new URL(databaseUrl);
  return { ok: true, target: { kind: 'postgres', url: databaseUrl, where: `${host}${pathname}` } };
}

function readFile(text: string): TargetResult {
  const file = text.startsWith('//') ? text.slice(2) : text;
  if (file === '' || file.endsWith('/') || file.includes(':memory:') || file.includes('\0')) {
    return { ok: false, message: 'The database URL must name a file, such as sqlite:./data/holdpoint.db.' };
  }
  return { ok: true, target: { kind: 'sqlite', file } };
}
