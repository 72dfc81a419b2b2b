// Loaded into Holdpoint's process before anything else: each SIGUSR2 moves its clock on by what the file named by
// MOVED_CLOCK says, in milliseconds. Timers run as they would; what asks the time is told another.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const RealDate = Date;
const realNow = Date.now;
let moved = 0;

const now = () => realNow.call(RealDate) + moved;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }

  static now() {
    return now();
  }
};

process.on('SIGUSR2', () => {
  moved += Number(readFileSync(process.env.MOVED_CLOCK, 'utf8'));
  process.stdout.write(`the clock is moved by ${moved} ms\n`);
});
