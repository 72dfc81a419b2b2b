import { expect, test } from 'vitest';
import { suiteOf } from '@/scripts/support/suite-folders.mjs';
import { countReport } from '@/scripts/support/suites.mjs';

function fileResult(status: string, statuses: readonly string[]): object {
  return { name: '/tests/a.test.ts', status, assertionResults: statuses.map((each) => ({ status: each })) };
}

test('passed and failed tests are summed over the files', () => {
  const report = {
    testResults: [fileResult('passed', ['passed', 'passed']), fileResult('failed', ['passed', 'failed'])],
  };
  expect(countReport(report, 1)).toMatchObject({ passed: 3, failed: 1 });
});

test('skipped and todo tests count as failed', () => {
  const report = { testResults: [fileResult('passed', ['passed', 'pending', 'skipped', 'todo'])] };
  expect(countReport(report, 0)).toMatchObject({ passed: 1, failed: 3 });
});

test('a file that could not be loaded counts as failed', () => {
  const report = { testResults: [fileResult('passed', ['passed']), fileResult('failed', [])] };
  expect(countReport(report, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('an error outside any test counts as failed', () => {
  expect(countReport({ testResults: [fileResult('passed', ['passed'])] }, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test.each([
  ['no report', null, 1],
  ['no report though the runner was content', null, 0],
  ['no test', { testResults: [] }, 0],
])('%s counts as failed', (_name, report, exitCode) => {
  expect(countReport(report, exitCode)).toMatchObject({ passed: 0, failed: 1 });
});

test.each([
  ['tests/titles.test.ts', 'unit'],
  ['tests/domain/call.test.ts', 'unit'],
  ['tests/chaos/checker.test.ts', 'chaos'],
  ['tests/e2e/queue.test.ts', 'e2e'],
  ['tests/store/contract.test.ts', 'integration'],
  ['tests/anything/new.test.ts', 'integration'],
])('%s belongs to %s', (file, suite) => {
  expect(suiteOf(file)).toBe(suite);
});
