import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from '@/server/config/environment';
import { trustedOrigins } from '@/server/config/trusted-origins';

const key = `hp_${'k'.repeat(43)}`;

function read(variables: Record<string, string>): Environment {
  const reading = readEnvironment(variables);
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  return reading.environment;
}

describe('the environment', () => {
  it('has a default for everything, and listens to this machine alone', () => {
    expect(read({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      baseUrl: 'http://localhost:3000',
      databaseUrl: `sqlite:${resolve('data/holdpoint.db')}`,
      dataFolder: resolve('data'),
      configFile: { path: resolve('mcp.json'), explicit: false },
      secret: null,
      dev: false,
      logLevel: 'info',
      bootstrapAgent: null,
      trustedProxies: 0,
      allowsLocalWebhooks: false,
      metricsToken: null,
      exportsTelemetry: false,
      browserServers: 'private',
    });
  });

  it('reads an empty variable as an absent one', () => {
    expect(read({ PORT: '', BASE_URL: ' ', DATABASE_URL: '', HOLDPOINT_CONFIG: '', HOLDPOINT_SECRET: '' })).toEqual(
      read({}),
    );
  });

  const good: readonly (readonly [Record<string, string>, Partial<Environment>])[] = [
    [{ PORT: '8080' }, { port: 8080, baseUrl: 'http://localhost:8080' }],
    [{ PORT: '0' }, { port: 0 }],
    [{ BASE_URL: 'https://hold.example/' }, { baseUrl: 'https://hold.example' }],
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ DATABASE_URL: 'sqlite:/var/hp/a.db' }, { databaseUrl: 'sqlite:/var/hp/a.db', dataFolder: '/var/hp' }],
    [{ DATABASE_URL: 'sqlite:///var/hp/a.db' }, { databaseUrl: 'sqlite:/var/hp/a.db', dataFolder: '/var/hp' }],
    [{ DATABASE_URL: 'postgres://u:p@db/hp' }, { databaseUrl: 'postgres://u:p@db/hp', dataFolder: resolve('data') }],
    [{ DATABASE_URL: 'postgresql://db/hp' }, { databaseUrl: 'postgresql://db/hp' }],
    [{ HOLDPOINT_CONFIG: '/etc/hp.json' }, { configFile: { path: '/etc/hp.json', explicit: true } }],
    [{ HOLDPOINT_SECRET: 's'.repeat(32) }, { secret: 's'.repeat(32) }],
    [{ HOLDPOINT_METRICS_TOKEN: 't'.repeat(16) }, { metricsToken: 't'.repeat(16) }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }, { exportsTelemetry: true }],
    [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://localhost:4318/v1/logs' }, { exportsTelemetry: true }],
    [{ OTEL_TRACES_EXPORTER: 'console' }, { exportsTelemetry: true }],
    [{ OTEL_TRACES_EXPORTER: 'none' }, { exportsTelemetry: false }],
    [{ OTEL_SERVICE_NAME: 'desk' }, { exportsTelemetry: false }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'true' }, { exportsTelemetry: false }],
    [
      { HOLDPOINT_DEV: '1', LOG_LEVEL: 'debug' },
      { dev: true, logLevel: 'debug' },
    ],
    [{ HOLDPOINT_BOOTSTRAP_AGENT: 'a', HOLDPOINT_BOOTSTRAP_AGENT_KEY: key }, { bootstrapAgent: { name: 'a', key } }],
    [{ TRUST_PROXY: 'true' }, { trustedProxies: 1 }],
    [{ TRUST_PROXY: '2' }, { trustedProxies: 2 }],
  ];
  it.each(good)('understands %j', (variables, expected) => {
    expect(read(variables)).toMatchObject(expected);
  });

  const bad: readonly (readonly [Record<string, string>, string])[] = [
    [{ PORT: 'http' }, 'PORT: expected a whole number from 0 to 65535, found "http".'],
    [{ PORT: '65536' }, 'PORT: expected a whole number from 0 to 65535, found "65536".'],
    [{ PORT: '-1' }, 'PORT: expected a whole number'],
    [{ BASE_URL: 'hold.example' }, 'BASE_URL: expected the address people open'],
    [{ BASE_URL: 'ftp://hold.example' }, 'BASE_URL: expected the address people open'],
    [
      { BASE_URL: 'https://hold.example/app' },
      'BASE_URL: expected an address without a path, such as https://hold.example.',
    ],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL: expected sqlite:./data/holdpoint.db or postgres://'],
    [{ DATABASE_URL: 'sqlite:' }, 'DATABASE_URL: expected sqlite:'],
    [{ DATABASE_URL: 'sqlite::memory:' }, 'A database in memory would lose'],
    [{ HOLDPOINT_METRICS_TOKEN: 'short' }, 'HOLDPOINT_METRICS_TOKEN: expected at least 16 random characters'],
    [{ HOLDPOINT_SECRET: 'short' }, 'HOLDPOINT_SECRET: expected at least 32 random characters'],
    [{ HOLDPOINT_DEV: 'yes' }, 'HOLDPOINT_DEV: expected 1 or 0, found "yes".'],
    [{ LOG_LEVEL: 'inof' }, 'Did you mean "info"?'],
    [{ HOLDPOINT_BOOTSTRAP_AGENT: 'a' }, 'HOLDPOINT_BOOTSTRAP_AGENT_KEY: expected "hp_"'],
    [{ HOLDPOINT_BOOTSTRAP_AGENT_KEY: key }, "HOLDPOINT_BOOTSTRAP_AGENT: expected the agent's name"],
    [{ TRUST_PROXY: '10.0.0.1' }, 'TRUST_PROXY: expected how many proxies'],
  ];
  it.each(bad)('refuses %j in a sentence', (variables, words) => {
    const reading = readEnvironment(variables);
    expect(reading.ok ? [] : reading.problems).toEqual([expect.stringContaining(words)]);
  });

  it('never quotes a secret in a problem (I14)', () => {
    const reading = readEnvironment({
      DATABASE_URL: 'mysql://u:hunter2@db',
      HOLDPOINT_SECRET: 'hunter2',
      HOLDPOINT_BOOTSTRAP_AGENT: 'a',
      HOLDPOINT_BOOTSTRAP_AGENT_KEY: 'hunter2',
      BASE_URL: 'https://u:hunter2@hold.example',
    });
    expect(reading.ok ? '' : reading.problems.join('\n')).not.toContain('hunter2');
    expect(reading.ok ? 0 : reading.problems.length).toBe(4);
  });

  it('trusts every name of loopback, and nothing beside the base URL elsewhere', () => {
    expect(trustedOrigins('http://localhost:3000')).toEqual([
      'http://localhost:3000',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
    ]);
    expect(trustedOrigins('https://hold.example')).toEqual(['https://hold.example']);
  });
});
