// Long steps say what they do and for how long; their own output is shown only when they fail.
import { spawn } from 'node:child_process';
import { root } from './root.mjs';

const quietIntervalMs = 10_000;
const shownOutputChars = 8_000;

/** A step that failed in an expected way: the message is for people, no stack. */
export class StepFailure extends Error {}

export function seconds(sinceAt) {
  return `${((Date.now() - sinceAt) / 1000).toFixed(1)} s`;
}

/** Runs `work` under a line `subject … elapsed`. */
export async function step(subject, work) {
  const startedAt = Date.now();
  const live = process.stdout.isTTY === true;
  const show = () => {
    const elapsed = `${Math.round((Date.now() - startedAt) / 1000)} s`;
    process.stdout.write(live ? `\r\x1b[2K· ${subject} … ${elapsed}` : `· ${subject} … ${elapsed}\n`);
  };
  process.stdout.write(live ? `· ${subject} …` : `· ${subject} …\n`);
  const timer = setInterval(show, live ? 1_000 : quietIntervalMs);
  const end = (mark) => process.stdout.write(`${live ? '\r\x1b[2K' : ''}${mark} ${subject}, ${seconds(startedAt)}\n`);
  try {
    const result = await work();
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Runs a program to its end; resolves with what it printed, throws a StepFailure showing the end of it otherwise. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output = (output + text).slice(-200_000);
      });
    }
    child.once('error', (error) => reject(new StepFailure(`Could not run ${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const how = signal === null ? `code ${code}` : signal;
      reject(new StepFailure(`${command} ${args.join(' ')} ended with ${how}:\n${output.slice(-shownOutputChars)}`));
    });
  });
}

/** Runs a script's main function; expected failures are printed without a stack. */
export function runMain(main) {
  main().catch((error) => {
    console.error(error instanceof StepFailure ? error.message : error);
    process.exit(1);
  });
}
