import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageFile from '@/package.json';
import { readEnvironment } from '@/server/config/environment';
import { bundleEntries } from '@/scripts/support/bundle.mjs';

const read = (path: string): string => readFileSync(path, 'utf8');
const program = 'dist/server/main.js';

describe('what Holdpoint is deployed with', () => {
  it('starts the program that is built', () => {
    expect(Object.keys(bundleEntries())).toContain('server/main');
    expect(read('Dockerfile')).toMatch(new RegExp(`^CMD \\["node", .*"${program}"\\]$`, 'm'));
    expect(read('deploy/holdpoint.service')).toMatch(new RegExp(`^ExecStart=\\S+node .*${program}$`, 'm'));
  });

  it('is of a Node that the package takes', () => {
    const majors = [...read('Dockerfile').matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => Number(major));
    expect(majors.length).toBeGreaterThan(0);
    const least = Number(/>=(\d+)/.exec(packageFile.engines.node)?.[1]);
    for (const major of majors) expect(major).toBeGreaterThanOrEqual(least);
  });

  it('copies only what is there', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY --from=build (.+) \S+$/gm)].flatMap(([, paths]) =>
      (paths ?? '').split(' ').map((path) => path.replace('/app/', '')),
    );
    expect(copied).toContain('dist');
    for (const path of copied.filter((each) => each !== 'dist' && each !== '.next'))
      expect(existsSync(path)).toBe(true);
    const ignored = read('.dockerignore').split('\n');
    for (const needed of ['app', 'components', 'lib', 'server', 'scripts', 'examples'])
      expect(ignored).not.toContain(needed);
    for (const kept of ['data', '.git', 'node_modules']) expect(ignored).toContain(kept);
  });

  it.each(['Dockerfile', 'deploy/compose.yaml', 'deploy/holdpoint.service'])(
    '%s sets nothing that the environment does not know',
    (file) => {
      const known = read('README.md') + read('server/config/environment.ts');
      const names = [...read(file).matchAll(/\b((?:HOLDPOINT|BASE|DATABASE|TRUST|LOG)_[A-Z_]+)\b/g)].map(
        ([, name]) => name,
      );
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(known).toContain(name);
    },
  );

  it('listens where a container can be reached, and keeps its database in the volume', () => {
    const [, block = ''] = /^ENV NODE_ENV=production \\\n((?:.*\\\n)*.*)$/m.exec(read('Dockerfile')) ?? [];
    const variables = Object.fromEntries(
      [...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const reading = readEnvironment(variables as Record<string, string>);
    expect(reading).toMatchObject({ ok: true, environment: { host: '0.0.0.0', dataFolder: '/data' } });
  });

  it('I14 has no secret of its own: each must be given', () => {
    const compose = read('deploy/compose.yaml');
    for (const name of ['HOLDPOINT_SECRET', 'POSTGRES_PASSWORD', 'BASE_URL']) expect(compose).toContain(`\${${name}:?`);
  });
});
