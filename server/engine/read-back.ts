import type { EngineParts } from './parts';

const againMs = 500;

/** Reads what was saved before; while the database is away it is waited for. Throws only when Holdpoint stops. */
export async function readBack<T>(parts: EngineParts, read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (parts.stopping) throw error;
      parts.log.warn({ err: error }, 'what was saved could not be read back yet');
      await new Promise<void>((resolve) => {
        parts.clock.after(againMs, resolve);
      });
    }
  }
}
