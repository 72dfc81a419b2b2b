// What esbuild makes: the server, each example and the benchmark, as ESM with packages left outside.
import { existsSync, readdirSync } from 'node:fs';
import { inRoot, root } from './root.mjs';

/** Output name (under dist/) to entry file; only what exists. */
export function bundleEntries() {
  const entries = {
    'server/main': 'server/main.ts',
    'server/command': 'server/command.ts',
    'bench/main': 'bench/main.ts',
  };
  const examples = existsSync(inRoot('examples')) ? readdirSync(inRoot('examples')).sort() : [];
  for (const name of examples) entries[`examples/${name}`] = `examples/${name}/main.ts`;
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(inRoot(file))));
}

export function bundleOptions() {
  return {
    absWorkingDir: root,
    entryPoints: bundleEntries(),
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@': root },
    sourcemap: true,
    logLevel: 'silent',
    metafile: true,
  };
}
