import type { Overview, RequestFigures } from './overview';

const columns = [
  'of',
  'name',
  'server',
  'tool',
  'accepted',
  'declined',
  'no_one_answered',
  'withdrawn',
  'median_ms',
  'p95_ms',
  'people_ms',
  'work_ms',
  'stalled',
] as const;

/** The figures as rows of a table: of all, of each day, tool and team. */
export function overviewCsv({ figures, before, days, tools, teams }: Overview): string {
  const rows = [
    columns,
    row({ of: 'period' }, figures),
    row({ of: 'period_before' }, before),
    ...days.map((day) => row({ of: 'day', name: day.date }, { ...day, medianMs: null, p95Ms: null })),
    ...tools.map((tool) => row({ of: 'tool', server: tool.server, tool: tool.tool }, tool)),
    ...teams.map((team) => row({ of: team.of, name: team.name }, team)),
  ];
  return rows.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

type Names = { readonly [N in 'of' | 'name' | 'server' | 'tool']?: string };

function row(
  { of = '', name = '', server = '', tool = '' }: Names,
  figures: RequestFigures,
): readonly (string | number | null)[] {
  const { accepted, declined, expired, withdrawn, medianMs, p95Ms, peopleMs, workMs, stalled } = figures;
  const took = [medianMs, p95Ms].map((ms) => (ms === null ? null : Math.round(ms)));
  return [of, name, server, tool, accepted, declined, expired, withdrawn, ...took, peopleMs, workMs, stalled];
}

/** A name that a server chose must not become a formula in whoever opens it. */
function cellText(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
