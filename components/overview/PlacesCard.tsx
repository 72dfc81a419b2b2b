import { type ReactNode, useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import type { Overview, RequestFigures } from '@/lib/domain/overview/overview';
import { plainLine } from '@/lib/domain/form/plain-text';
import { countText, tookText } from './figure-words';

const fewRows = 8;

type By = 'tool' | 'team';

interface PlaceRow extends RequestFigures {
  readonly key: string;
  readonly name: string;
  /** The server of a tool. */
  readonly of: string | null;
}

/** Where it is slow, the slowest first: by tool, or by team. */
export function PlacesCard({ overview }: { readonly overview: Overview }): ReactNode {
  const [by, setBy] = useState<By>('tool');
  const [shown, setShown] = useState<'few' | 'all'>('few');
  const id = useId();
  const rows = by === 'tool' ? toolRows(overview) : teamRows(overview);
  return (
    <section className="card ov-card" aria-labelledby={id}>
      <div className="card-h">
        <h2 id={id}>Slowest first</h2>
        <span className="meta ov-note">time with people</span>
        <span className="grow" />
        <div className="seg" role="group" aria-label="By">
          {(['tool', 'team'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={by === each} onClick={() => setBy(each)}>
              {each === 'tool' ? 'By tool' : 'By team'}
            </button>
          ))}
        </div>
      </div>
      {rows.length === 0 ? (
        <p className="meta ov-none">No request has ended.</p>
      ) : (
        <Rows by={by} rows={shown === 'all' ? rows : rows.slice(0, fewRows)} />
      )}
      {shown === 'all' || rows.length <= fewRows ? null : (
        <div className="ov-more">
          <Button size="sm" onClick={() => setShown('all')}>
            Show all {countText(rows.length)}
          </Button>
        </div>
      )}
    </section>
  );
}

function Rows({ by, rows }: { readonly by: By; readonly rows: readonly PlaceRow[] }): ReactNode {
  const longest = Math.max(1, ...rows.map(({ p95Ms }) => p95Ms ?? 0));
  return (
    <table className="table sv ov-places" aria-label="Slowest first">
      <thead>
        <tr>
          <th scope="col">{by === 'tool' ? 'Tool' : 'Team'}</th>
          <th scope="col" className="r">
            answered
          </th>
          <th scope="col" className="r">
            p50
          </th>
          <th scope="col" className="r">
            p95
          </th>
          <th scope="col" className="r">
            no answer
          </th>
          {by === 'tool' ? (
            <th scope="col" className="r">
              stalls
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">
              <span className="cut">{row.name}</span>
              {row.of === null ? null : <span className="meta cut">{row.of}</span>}
            </th>
            <td className="r num">{countText(row.accepted + row.declined)}</td>
            <td className="r num">{tookText(row.medianMs)}</td>
            <td className="r num">
              {tookText(row.p95Ms)}
              <div className="prog" aria-hidden="true">
                <i style={{ width: `${Math.round(((row.p95Ms ?? 0) / longest) * 100)}%` }} />
              </div>
            </td>
            <td className={`r num ${row.expired > 0 ? 'ov-bad' : ''}`}>{countText(row.expired)}</td>
            {by === 'tool' ? (
              <td className={`r num ${row.stalled > 0 ? 'ov-bad' : ''}`}>{countText(row.stalled)}</td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function toolRows({ tools }: Overview): readonly PlaceRow[] {
  return tools.map((row) => ({
    ...row,
    key: JSON.stringify([row.server, row.tool]),
    name: row.tool === '' ? 'outside any call' : plainLine(row.tool),
    of: plainLine(row.server),
  }));
}

function teamRows({ teams }: Overview): readonly PlaceRow[] {
  return teams.map((row) => ({ ...row, key: `${row.of} ${row.name}`, of: null }));
}
