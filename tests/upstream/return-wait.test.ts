import { describe, expect, it } from 'vitest';
import { ReturnWait, type RunEnd } from '@/server/upstream/stateful/http/return-wait';
import { during, open } from '@/tests/upstream/harness';
import { openStream, startScripted } from '@/tests/upstream/scripted-server';

const timing = { resumeFirstMs: 200, resumeMaxMs: 1_500, repollMaxMs: 30_000 };
const broke: RunEnd = { kind: 'broke', lastedMs: 3, isQuiet: true, retryMs: null };
const ended: RunEnd = { kind: 'ended', lastedMs: 3, isQuiet: true, retryMs: null };

function waits(...ends: readonly RunEnd[]): readonly number[] {
  const returning = new ReturnWait(timing);
  return ends.map((end) => returning.after(end));
}

describe('how long the standalone stream is left alone', () => {
  it('one that breaks is asked for at once, one that never lasts less and less often', () => {
    expect(waits(...Array.from({ length: 11 }, () => broke))).toEqual([
      0, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
    ]);
    // What came on it does not make it last, nor does a server that wishes to be asked in no time.
    const noisy = { ...broke, isQuiet: false, retryMs: 50 };
    expect(waits(noisy, noisy, noisy)).toEqual([50, 200, 400]);
  });

  it('one that lasted begins anew', () => {
    expect(waits(broke, broke, broke, { ...broke, lastedMs: 1_500 }, broke, broke)).toEqual([0, 200, 400, 0, 0, 200]);
  });

  it('one that ends by itself backs off while it is quiet, or does as the server wishes', () => {
    expect(waits(ended, ended, ended, { ...ended, isQuiet: false }, ended)).toEqual([200, 400, 800, 0, 200]);
    expect(waits(...Array.from({ length: 7 }, () => ended)).at(-1)).toBe(6_000);
    expect(waits({ ...ended, retryMs: 700 })).toEqual([700]);
  });

  it('one that is asked for again because it was quiet is asked at once', () => {
    expect(waits(broke, broke, { ...broke, kind: 'repoll' }, broke)).toEqual([0, 200, 0, 400]);
  });
});

it('a server that takes every GET and drops it does not fill the record', async () => {
  const server = await during(
    startScripted(({ method, response }) => {
      if (method !== 'GET') return false;
      openStream(response);
      response.flushHeaders();
      setImmediate(() => response.destroy());
      return true;
    }),
  );
  const { connection, inbox } = await open(server.url, { resumeFirstMs: 60_000, repollMaxMs: 60_000 });
  for (let time = 0; time < 100; time += 1) await connection.request('ping', {}, 10_000);
  expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
  expect(inbox.of('reattaching').length).toBeLessThanOrEqual(2);
});
