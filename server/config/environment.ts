import { dirname, resolve } from 'node:path';
import { didYouMean } from '@/lib/domain/did-you-mean';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything the environment says, parsed once; nothing else reads it. */
export interface Environment {
  readonly port: number;
  readonly host: string;
  /** Scheme, host and port people open, without a path or a slash at the end. */
  readonly baseUrl: string;
  /** `sqlite:` and an absolute file, or `postgres://…`; may hold a password. */
  readonly databaseUrl: string;
  /** Where SQLite's file, the lock and the generated secret live. */
  readonly dataFolder: string;
  readonly configFile: { readonly path: string; readonly explicit: boolean };
  /** Signs cookies; null when it is to be generated and kept in the data folder. */
  readonly secret: string | null;
  readonly dev: boolean;
  readonly logLevel: LogLevel;
  readonly bootstrapAgent: { readonly name: string; readonly key: string } | null;
  /** How many proxies in front of us are ours, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: number;
  /** Whether notifications may go to addresses of this machine: for trying it out. */
  readonly allowsLocalWebhooks: boolean;
  /** Opens `/metrics`; null: only to programs of this machine. */
  readonly metricsToken: string | null;
  /** Whether the standard OTEL variables ask for telemetry to be sent; OpenTelemetry's SDK reads the rest of them. */
  readonly exportsTelemetry: boolean;
  /** Where servers that are added in the browser may stand. */
  readonly browserServers: 'private' | 'public';
}

export type EnvironmentReading =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: string[] };

type Variables = Readonly<Record<string, string | undefined>>;

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * Only this machine by default: a fresh installation has an open link for its first admin and speaks plain
 * HTTP, so reaching it from elsewhere (a container, a proxy on another host) has to be asked for.
 */
const defaultHost = '127.0.0.1';

/** Reads the environment; every wrong value becomes a sentence. Secrets are never quoted. */
export function readEnvironment(variables: Variables): EnvironmentReading {
  const reader = new EnvironmentReader(variables);
  const port = reader.port();
  const file = reader.sqliteFile();
  const environment: Environment = {
    port,
    host: reader.text('HOST') ?? defaultHost,
    baseUrl: reader.baseUrl(port),
    databaseUrl: file === null ? (reader.text('DATABASE_URL') ?? '') : `sqlite:${file}`,
    dataFolder: file === null ? resolve('data') : dirname(file),
    configFile: {
      path: resolve(reader.text('HOLDPOINT_CONFIG') ?? 'mcp.json'),
      explicit: reader.text('HOLDPOINT_CONFIG') !== null,
    },
    secret: reader.secret(),
    dev: reader.truth('HOLDPOINT_DEV'),
    logLevel: reader.logLevel(),
    bootstrapAgent: reader.bootstrapAgent(),
    trustedProxies: reader.trustedProxies(),
    allowsLocalWebhooks: reader.truth('HOLDPOINT_ALLOW_LOCAL_WEBHOOKS'),
    metricsToken: reader.metricsToken(),
    exportsTelemetry: reader.exportsTelemetry(),
    browserServers: reader.browserServers(),
  };
  return reader.problems.length === 0 ? { ok: true, environment } : { ok: false, problems: reader.problems };
}

class EnvironmentReader {
  readonly problems: string[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** An empty variable is an absent one. */
  text(name: string): string | null {
    const value = this.#variables[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** 0 lets the system choose, for tests. */
  port(): number {
    const text = this.text('PORT');
    if (text === null) return 3000;
    const port = Number(text);
    if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
    this.problems.push(`PORT: expected a whole number from 0 to 65535, found "${text}".`);
    return 3000;
  }

  baseUrl(port: number): string {
    const text = this.text('BASE_URL');
    if (text === null) return `http://localhost:${port}`;
    const url = URL.canParse(text) ? new URL(text) : null;
    if (
      url === null ||
      (url.protocol !== 'http:' && url.protocol !== 'https:') ||
      url.username !== '' ||
      url.password !== ''
    ) {
      this.problems.push('BASE_URL: expected the address people open, such as https://holdpoint.example.com.');
      return `http://localhost:${port}`;
    }
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      this.problems.push(
        `BASE_URL: expected an address without a path, such as ${url.origin}. Holdpoint needs a host name of its own.`,
      );
    }
    return url.origin;
  }

  /** The file of a `sqlite:` URL; null for PostgreSQL. */
  sqliteFile(): string | null {
    const text = this.text('DATABASE_URL') ?? 'sqlite:./data/holdpoint.db';
    if (/^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text)) return null;
    const file = /^sqlite:(?:\/\/)?([^/].*|\/[^/].*)$/.exec(text)?.[1];
    if (file !== undefined && !file.endsWith('/') && !file.includes(':memory:')) return resolve(file);
    // Never quoted: it may hold a password.
    const hint = text.includes(':memory:') ? ' A database in memory would lose what people are asked.' : '';
    this.problems.push(
      `DATABASE_URL: expected sqlite:./data/holdpoint.db or postgres://user:password@host/database.${hint}`,
    );
    return resolve('data/holdpoint.db');
  }

  secret(): string | null {
    const text = this.text('HOLDPOINT_SECRET');
    if (text !== null && text.length < 32) {
      this.problems.push(
        'HOLDPOINT_SECRET: expected at least 32 random characters, such as those of "openssl rand -base64 32".',
      );
    }
    return text;
  }

  metricsToken(): string | null {
    const text = this.text('HOLDPOINT_METRICS_TOKEN');
    if (text !== null && text.length < 16)
      this.problems.push('HOLDPOINT_METRICS_TOKEN: expected at least 16 random characters.');
    return text;
  }

  /** Something to send to, or a signal that is to be sent, was named. */
  exportsTelemetry(): boolean {
    if (this.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false;
    const endpoints = ['', '_TRACES', '_METRICS', '_LOGS'].map((of) => `OTEL_EXPORTER_OTLP${of}_ENDPOINT`);
    const exporters = ['TRACES', 'METRICS', 'LOGS'].map((of) => this.text(`OTEL_${of}_EXPORTER`));
    const isNamed = exporters.some((named) => named !== null && named !== 'none');
    return isNamed || endpoints.some((name) => this.text(name) !== null);
  }

  truth(name: string): boolean {
    const text = this.text(name)?.toLowerCase() ?? 'false';
    if (text === '1' || text === 'true') return true;
    if (text !== '0' && text !== 'false') this.problems.push(`${name}: expected 1 or 0, found "${text}".`);
    return false;
  }

  browserServers(): Environment['browserServers'] {
    const text = this.text('HOLDPOINT_BROWSER_SERVERS')?.toLowerCase() ?? 'private';
    if (text === 'private' || text === 'public') return text;
    this.problems.push(
      `HOLDPOINT_BROWSER_SERVERS: expected private (private networks too) or public (the internet alone), found "${text}".`,
    );
    return 'public';
  }

  logLevel(): LogLevel {
    const text = this.text('LOG_LEVEL') ?? 'info';
    const level = logLevels.find((candidate) => candidate === text);
    if (level === undefined) {
      this.problems.push(`LOG_LEVEL: expected ${logLevels.join(', ')}, found "${text}".${didYouMean(text, logLevels)}`);
    }
    return level ?? 'info';
  }

  bootstrapAgent(): Environment['bootstrapAgent'] {
    const name = this.text('HOLDPOINT_BOOTSTRAP_AGENT');
    const key = this.text('HOLDPOINT_BOOTSTRAP_AGENT_KEY');
    if (name === null && key === null) return null;
    if (name === null) {
      this.problems.push(
        "HOLDPOINT_BOOTSTRAP_AGENT: expected the agent's name, because HOLDPOINT_BOOTSTRAP_AGENT_KEY is set.",
      );
    } else if (name.length > 60) {
      this.problems.push('HOLDPOINT_BOOTSTRAP_AGENT: expected a name of at most 60 characters.');
    }
    if (key === null || !/^hp_[A-Za-z0-9_-]{43,125}$/.test(key)) {
      this.problems.push(
        'HOLDPOINT_BOOTSTRAP_AGENT_KEY: expected "hp_" and at least 43 letters, digits, "-" or "_" (32 random bytes in base64url).',
      );
    }
    return { name: name ?? '', key: key ?? '' };
  }

  trustedProxies(): number {
    const text = this.text('TRUST_PROXY')?.toLowerCase() ?? '0';
    if (text === 'true') return 1;
    if (text === 'false') return 0;
    if (/^\d$/.test(text)) return Number(text);
    this.problems.push(`TRUST_PROXY: expected how many proxies stand in front of Holdpoint, 0 to 9, found "${text}".`);
    return 0;
  }
}
