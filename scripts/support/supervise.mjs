// Children that live together: output relayed under a name, all stopped in reverse order when one ends or on a signal.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './root.mjs';

const graceMs = 10_000;
const parentChecksMs = 500;
const colours = [36, 35, 33, 32];
const ownGroup = process.platform !== 'win32';

function signalTree(child, signal) {
  try {
    if (ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // The group is already gone.
  }
}

export class Supervisor {
  #running = [];
  #stopping = null;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#onSignal(signal));
    if (process.env.npm_lifecycle_event !== undefined) this.#endWithParent();
    // A last resort: whatever ends this script does not leave a server behind on the port.
    process.on('exit', () => {
      for (const { child } of this.#running) signalTree(child, 'SIGKILL');
    });
  }

  /**
   * Starts `node file`. `name` prefixes each line of its output; without one the child has the terminal. A child gets
   * a process group of its own, so that a Ctrl-C reaches it once and in order, through `stop`.
   */
  start({ name, args, env, onLine, onEnd }) {
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
      stdio: name === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    const member = { child, name: name ?? 'server', ended: false };
    this.#running.push(member);
    const closed = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: 1, words: error.message }));
      child.once('close', (code, signal) => resolve({ code: code ?? 1, words: signal ?? `code ${code}` }));
    });
    member.closed = closed.then((end) => {
      member.ended = true;
      this.#running = this.#running.filter((other) => other !== member);
      return end;
    });
    if (name !== undefined) this.#relay(member, onLine);
    void member.closed.then((end) =>
      member.expected || this.#stopping ? undefined : this.#onDeath(member, end, onEnd),
    );
    return member;
  }

  /** Ends one child, politely and then not. */
  async stopOne(member) {
    if (member.ended) return;
    member.expected = true;
    signalTree(member.child, 'SIGTERM');
    const timer = setTimeout(() => signalTree(member.child, 'SIGKILL'), graceMs);
    await member.closed;
    clearTimeout(timer);
  }

  /** Ends all, the last started first, and leaves with `code`. */
  async stop(code) {
    if (this.#stopping !== null) return this.#stopping;
    this.#stopping = (async () => {
      for (const member of [...this.#running].reverse()) await this.stopOne(member);
      process.exit(code);
    })();
    return this.#stopping;
  }

  /** What ends npm with SIGTERM ends its shell, which passes nothing on: that it is gone is all there is to see. */
  #endWithParent() {
    const parent = process.ppid;
    const checks = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(checks);
      this.#onSignal('SIGTERM');
    }, parentChecksMs);
    checks.unref();
  }

  #onSignal(signal) {
    if (this.#stopping !== null) {
      // npm passes a terminal's Ctrl-C on as a second one: only a later one means impatience.
      if (Date.now() - this.#stoppingAt > 1_500) process.exit(130);
      return;
    }
    this.#stoppingAt = Date.now();
    if (this.#running.length > 0) process.stdout.write('\nstopping …\n');
    void this.stop(signal === 'SIGINT' ? 130 : 143);
  }

  #stoppingAt = 0;

  #onDeath(member, end, onEnd) {
    if (onEnd !== undefined) return onEnd(end);
    console.error(`${member.name} ended by itself (${end.words}); stopping the rest.`);
    void this.stop(end.code === 0 ? 1 : end.code);
  }

  #relay(member, onLine) {
    const index = this.#running.length - 1;
    const colour = process.stdout.isTTY && !process.env.NO_COLOR ? colours[index % colours.length] : null;
    const label = member.name.padEnd(9);
    const prefix = colour === null ? `${label} | ` : `\x1b[${colour}m${label} |\x1b[0m `;
    for (const [stream, target] of [
      [member.child.stdout, process.stdout],
      [member.child.stderr, process.stderr],
    ]) {
      createInterface({ input: stream }).on('line', (line) => {
        target.write(`${prefix}${line}\n`);
        onLine?.(line);
      });
    }
  }
}
