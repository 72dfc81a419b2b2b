#!/usr/bin/env node
// npx holdpoint <command>: what is run beside the server, on the same environment. Builds what is stale first,
// but for an installation.
import './support/node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inRoot } from './support/root.mjs';

const bundle = inRoot('dist', 'server', 'command.js');

/** Each has a line in `server/command.ts`. */
const help = `npx holdpoint <command>
  audit verify [file.jsonl]            checks the audit log, or an export of it
  audit export [--from day] [--to day] writes it as JSON lines
  backup <folder>                      copies the database, also while the server runs
  restore <folder> [--replace]         puts a backup in its place; the server must be stopped
`;

/** Resolves with the exit code of a program that has our terminal; `output` is where its words go. */
function runHere(args, output) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['inherit', output, 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** As "npm prune --omit=dev" leaves it: built, and without what checks and builds. */
function isPruned() {
  return existsSync(bundle) && !existsSync(inRoot('node_modules', 'typescript'));
}

async function main() {
  const given = process.argv.slice(2);
  if (given.length === 0 || given[0] === '--help' || given[0] === '-h' || given[0] === 'help') {
    process.stdout.write(help);
    return given.length === 0 ? 2 : 0;
  }
  // An installation has its bundles, and packages that are not to be touched beside a running server. What building says
  // must not get into an export.
  if (existsSync(inRoot('server', 'command.ts')) && !isPruned()) {
    const built = await runHere([inRoot('scripts', 'support', 'build-bundles.mjs')], 2);
    if (built !== 0) return 2;
  } else if (!existsSync(bundle)) {
    process.stderr.write('Holdpoint is not built. Run "npm run build" first.\n');
    return 2;
  }
  return runHere([bundle, ...given], 'inherit');
}

process.exitCode = await main();
