// npm test: every check and every suite; the last line is `N passed, N failed`.
//   npm test -- unit lint            only these (format, lint, types, unit, integration, e2e, chaos)
//   npm test -- tests/store          only files whose path contains this, in every suite that has such files
//   npm test -- e2e -t "race"        vitest's own options are passed on
import './support/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ensureBuilt } from './support/build.mjs';
import { chromiumNeed, findChromium } from './support/chromium.mjs';
import { ensureInstalled } from './support/install.mjs';
import { inRoot, root } from './support/root.mjs';
import { run, runMain, StepFailure, seconds, step } from './support/step.mjs';
import { suiteOf } from './support/suite-folders.mjs';
import { runSuite, suites } from './support/suites.mjs';

const checks = {
  format: ['@biomejs/biome/bin/biome', ['format']],
  lint: ['oxlint/bin/oxlint', ['--deny-warnings']],
  types: ['typescript/bin/tsc', ['--noEmit', '--project', '.']],
};

function runCheck(name) {
  const [file, args] = checks[name];
  const { status } = spawnSync(process.execPath, [inRoot('node_modules', file), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0 ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [] };
}

/** Debian in a container is the one place where a missing browser can be installed without asking. */
async function ensureBrowser() {
  if (findChromium() !== null) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && !process.env.CHROMIUM_PATH;
  if (!mayInstall) throw new StepFailure(chromiumNeed);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step('installing chromium', async () => {
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  });
  if (findChromium() === null) throw new StepFailure(chromiumNeed);
}

async function runOne(name, filters) {
  if (name in checks) return runCheck(name);
  try {
    const { needsBrowser, needsBuild } = suites[name];
    if (needsBrowser) await ensureBrowser();
    if (needsBuild) await ensureBuilt();
    return await runSuite(name, filters, needsBrowser ? { CHROMIUM_PATH: findChromium() } : {});
  } catch (error) {
    console.error(error instanceof StepFailure ? error.message : error);
    return { passed: 0, failed: 1, notes: ['could not start'] };
  }
}

/** With path filters only the suites that have such a file are run. */
function suitesWith(filters) {
  const paths = filters.filter((filter) => !filter.startsWith('-'));
  const files = readdirSync(inRoot('tests'), { recursive: true }).map((file) => `tests/${file}`);
  const matching = files.filter((file) => /\.test\.tsx?$/.test(file) && paths.some((part) => file.includes(part)));
  return Object.keys(suites).filter((name) => matching.some((file) => suiteOf(file) === name));
}

function chosen(args) {
  const known = [...Object.keys(checks), ...Object.keys(suites)];
  const names = known.filter((name) => args.includes(name));
  const filters = args.filter((argument) => !known.includes(argument));
  if (names.length > 0) return { names, filters };
  if (filters.some((filter) => !filter.startsWith('-'))) return { names: suitesWith(filters), filters };
  return { names: filters.length === 0 ? known : Object.keys(suites), filters };
}

runMain(async () => {
  const { names, filters } = chosen(process.argv.slice(2));
  const rows = [];
  await ensureInstalled();
  for (const name of names) {
    console.log(`\n── ${name}`);
    const startedAt = Date.now();
    rows.push({ name, ...(await runOne(name, filters)), time: seconds(startedAt) });
  }
  if (rows.length === 0) rows.push({ name: 'tests', passed: 0, failed: 1, notes: ['no such test'], time: '0.0 s' });
  console.log('');
  for (const { name, passed, failed, notes, time } of rows) {
    console.log(
      `${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed  ${time}`,
    );
    for (const note of notes) console.log(`             ${note}`);
  }
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});
