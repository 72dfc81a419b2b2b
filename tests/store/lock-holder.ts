import { acquireExclusive } from '@/server/store/exclusive-lock';
import { recordingLog } from './silent-log';

/** A process of its own that takes the lock of `argv[2]`, says how that went, and stays. */
const databaseUrl = process.argv[2] ?? '';
const outcome = await acquireExclusive({
  databaseUrl,
  log: recordingLog().log,
  clock: {
    now: Date.now,
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  onChange: (state) => process.stdout.write(`${JSON.stringify({ state })}\n`),
});
process.stdout.write(`${JSON.stringify(outcome.ok ? { ok: true } : outcome)}\n`);
if (outcome.ok) {
  process.stdin.once('data', () => void outcome.lock.release().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
}
