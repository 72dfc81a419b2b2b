// Builds what is stale: the pages (next build) and the bundles (esbuild), each judged by a digest of its inputs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleEntries, bundleOptions } from './bundle.mjs';
import { inRoot } from './root.mjs';
import { run, StepFailure, step } from './step.mjs';

const stampFile = inRoot('dist', 'built.json');
const shared = ['lib', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/support'];
const pageInputs = [...shared, 'app', 'components', 'public', 'next.config.ts', 'postcss.config.mjs'];
const bundleInputs = [...shared, 'server', 'examples', 'bench'];

function filesUnder(relative) {
  const absolute = inRoot(relative);
  if (!existsSync(absolute)) return [];
  const found = readdirSync(path.dirname(absolute), { withFileTypes: true }).find(
    (entry) => entry.name === path.basename(absolute),
  );
  if (found?.isFile()) return [relative];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(inRoot(), path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function digest(inputs) {
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap(filesUnder)) hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamp(change) {
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamp(), ...change }, null, 2)}\n`);
}

async function buildPages() {
  // Types of deleted routes would stay behind in the folder and break the type check.
  rmSync(inRoot('.next', 'types'), { recursive: true, force: true });
  const next = inRoot('node_modules', 'next', 'dist', 'bin', 'next');
  await run(process.execPath, [next, 'build'], { env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } });
}

async function buildBundles() {
  if (bundleEntries()['server/main'] === undefined) throw new StepFailure('server/main.ts is missing');
  const esbuild = await import('esbuild');
  for (const folder of ['server', 'examples', 'bench']) {
    rmSync(inRoot('dist', folder), { recursive: true, force: true });
  }
  try {
    await esbuild.build(bundleOptions());
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    const messages = await esbuild.formatMessages(error.errors, { kind: 'error' });
    throw new StepFailure(messages.join('\n'));
  }
}

/** `parts`: any of `pages` and `bundles`; `force` builds also what is fresh. */
export async function ensureBuilt(parts = ['pages', 'bundles'], options = { force: false }) {
  const plan = {
    pages: { inputs: pageInputs, output: inRoot('.next', 'BUILD_ID'), build: buildPages, words: 'building the pages' },
    bundles: {
      inputs: bundleInputs,
      output: inRoot('dist', 'server', 'main.js'),
      build: buildBundles,
      words: 'building the server',
    },
  };
  for (const part of parts) {
    const { inputs, output, build, words } = plan[part];
    const now = digest(inputs);
    if (!options.force && readStamp()[part] === now && existsSync(output)) continue;
    writeStamp({ [part]: null });
    await step(words, build);
    writeStamp({ [part]: now });
  }
}
