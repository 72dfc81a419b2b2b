import { overviewCsv } from '@/lib/domain/overview/csv';
import type { Overview } from '@/lib/domain/overview/overview';
import { type Period, periodProblem } from '@/lib/domain/overview/period';
import { readPeriod } from '@/lib/domain/overview/period-query';
import { done, type Result, refuse } from '@/lib/domain/refusal';

export interface OverviewQuery {
  readonly period: Period;
  readonly timeZone: string;
  readonly format: 'json' | 'csv';
}

const known: readonly string[] = ['period', 'from', 'until', 'zone', 'format'];

/** The query of `GET /api/v1/overview`, or what is wrong with it. */
export function readOverviewQuery(query: URLSearchParams): Result<OverviewQuery> {
  const stranger = [...query.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined)
    return refuse('bad_input', `There is no "${stranger.slice(0, 40)}" here. There are: ${known.join(', ')}.`);
  const period = readPeriod(query);
  if (period === null)
    return refuse('bad_input', 'Give period=today, 7d or 30d, or both from= and until= as 2026-11-23.');
  const format = query.get('format') ?? 'json';
  if (format !== 'json' && format !== 'csv') return refuse('bad_input', 'format is json or csv.');
  const timeZone = query.get('zone') ?? 'UTC';
  const problem = periodProblem(period, timeZone);
  return problem === null ? done({ period, timeZone, format }) : refuse('bad_input', problem);
}

/** A table to open elsewhere; never shown as a page. */
export function csvResponse(overview: Overview, headers: Record<string, string>): Response {
  return new Response(overviewCsv(overview), {
    headers: {
      ...headers,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="holdpoint-overview.csv"',
      'x-content-type-options': 'nosniff',
    },
  });
}
