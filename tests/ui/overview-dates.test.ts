import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { OverviewScreen } from '@/components/overview/OverviewScreen';
import type { Period } from '@/lib/domain/overview/period';

function drawn(period: Period): string {
  const data = { is: 'failed', message: 'The words of the server.' } as const;
  const nothing = (): void => undefined;
  const line = { is: 'online' } as const;
  return renderToStaticMarkup(
    createElement(OverviewScreen, { data, period, line, state: 'settled', onPeriod: nothing, onRetry: nothing }),
  );
}

describe('an overview that is not there', () => {
  test.each([
    { is: 'dates', from: '2026-11-20', until: '2026-11-01' },
    { is: 'dates', from: 'hello', until: '2026-02-31' },
    { is: 'dates', from: '2020-01-01', until: '2026-01-01' },
  ] as const)('dates that cannot be shown are not tried again: $from to $until', (period) => {
    const page = drawn(period);
    expect(page).toContain('These dates cannot be shown');
    expect(page).toContain('The words of the server.');
    expect(page).not.toContain('Try again');
    expect(page).toContain('Show 7 days');
  });

  test('what failed for another reason is', () => {
    expect(drawn({ is: 'dates', from: '2026-11-01', until: '2026-11-20' })).toContain('Try again');
    expect(drawn({ is: 'last', days: 7 })).toContain('The overview could not be loaded');
  });
});
