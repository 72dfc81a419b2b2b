// Runs one vitest project and counts what its JSON report says. Whatever did not run and pass is a failure.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot, root } from './root.mjs';

/** What each may take at most; together they usually take a good half of it. */
export const suites = {
  unit: { limitMs: 3 * 60_000, needsBuild: false, needsBrowser: false },
  integration: { limitMs: 7 * 60_000, needsBuild: false, needsBrowser: false },
  chaos: { limitMs: 5 * 60_000, needsBuild: true, needsBrowser: false },
  e2e: { limitMs: 11 * 60_000, needsBuild: true, needsBrowser: true },
};

/**
 * Skipped and todo tests count as failed, and so do a file that could not be loaded and an error outside any test.
 * @param report vitest's JSON report, or null when it wrote none
 */
export function countReport(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1, notes: ['the suite did not start or did not finish'] };
  const notes = [];
  let passed = 0;
  let failed = 0;
  for (const file of report.testResults ?? []) {
    const statuses = file.assertionResults.map((test) => test.status);
    const good = statuses.filter((status) => status === 'passed').length;
    const bad = statuses.filter((status) => status === 'failed').length;
    const unrun = statuses.length - good - bad;
    if (unrun > 0) notes.push(`${unrun} not run in ${path.relative(root, file.name)}: counted as failed`);
    passed += good;
    failed += bad + unrun;
    if (bad + unrun === 0 && (file.status !== 'passed' || statuses.length === 0)) {
      failed += 1;
      notes.push(`${path.relative(root, file.name)} could not be run`);
    }
  }
  if (passed + failed === 0) return { passed: 0, failed: 1, notes: ['no test was found'] };
  if (exitCode !== 0 && failed === 0) {
    failed = 1;
    notes.push('the runner failed outside any test');
  }
  return { passed, failed, notes };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function runVitest(args, limitMs, env) {
  return new Promise((resolve) => {
    const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
    const ownGroup = process.platform !== 'win32';
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: ownGroup,
    });
    const kill = () => {
      try {
        if (ownGroup) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // Already gone.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, limitMs);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => {
        kill();
        process.exit(130);
      });
    }
    child.once('error', () => resolve({ code: 1, late }));
    child.once('close', (code) => {
      clearTimeout(timer);
      // What tests left running must not outlive the suite.
      kill();
      resolve({ code: code ?? 1, late });
    });
  });
}

/** `filters` are passed on to vitest: path parts, or its own options. */
export async function runSuite(name, filters, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdpoint-report-'));
  const reportFile = path.join(folder, 'report.json');
  const args = ['run', '--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  try {
    const { code, late } = await runVitest([...args, ...filters], suites[name].limitMs, env);
    const counted = countReport(late ? null : readReport(reportFile), code);
    if (late) counted.notes = [`not finished after ${suites[name].limitMs / 60_000} minutes`];
    return counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
