'use client';

import type { ReactNode } from 'react';
import Lock from 'lucide-react/icons/lock';
import { Icon } from '@/components/ui/Icon';
import { visibleText } from '@/components/ui/visible-text';
import { masked } from '@/lib/domain/masking/masked';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { Compared } from './shape';

/** What all have in common once, and a row for each with what differs. Nothing is cut without offering the rest. */
export function BulkCompared({
  details,
  compared,
}: {
  readonly details: readonly RequestDetail[];
  readonly compared: Compared;
}): ReactNode {
  const { common, differing } = compared;
  return (
    <>
      <h3 className="h">The same in all</h3>
      {common.length === 0 ? (
        <p className="meta">Nothing.</p>
      ) : (
        <dl className="bulk-common">
          {common.map(({ field, value }) => (
            <div key={field}>
              <dt className="mono">{visibleText(field)}</dt>
              <dd>
                <Value text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <h3 className="h">What differs</h3>
      {differing.length === 0 ? (
        <p className="meta">Nothing: they ask the very same, {details.length} times.</p>
      ) : (
        <Rows details={details} differing={differing} />
      )}
    </>
  );
}

interface RowsProps {
  readonly details: readonly RequestDetail[];
  readonly differing: Compared['differing'];
}

function Rows({ details, differing }: RowsProps): ReactNode {
  return (
    <div className="bulk-scroll scroll" {...scrolled}>
      <table className="table bulk-table">
        <thead>
          <tr>
            <th scope="col">#</th>
            {differing.map(({ field }) => (
              <th key={field} scope="col" className="mono">
                {visibleText(field)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {details.map(({ request, allowed }, index) => (
            <tr key={request.requestId}>
              <th scope="row" className="num">
                {index + 1}
                {request.kind === 'approval' && !allowed.approve.ok ? (
                  <small className="bulk-may">{allowed.approve.why ?? 'You may not approve it.'}</small>
                ) : null}
                {request.edited.length === 0 ? null : <small className="bulk-may">edited</small>}
              </th>
              {differing.map(({ field, values }) => (
                <td key={field}>
                  <Value text={values[index] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A region that scrolls takes the focus, so that it scrolls by keys. */
const scrolled = { tabIndex: 0, role: 'region', 'aria-label': 'What differs' };
const shortMost = 80;

function Value({ text }: { readonly text: string | null }): ReactNode {
  if (text === null) return <span className="t3">none</span>;
  if (text === masked) {
    return (
      <span className="masked">
        <Icon of={Lock} size="xs" />
        masked
      </span>
    );
  }
  if (text === '') return <span className="t3">empty</span>;
  const shown = visibleText(text);
  if (shown.length <= shortMost) return <span className="bulk-value">{shown}</span>;
  return (
    <details className="bulk-long">
      <summary>
        {shown.slice(0, shortMost)}… <span className="t3">{shown.length.toLocaleString('en-US')} characters</span>
      </summary>
      <span className="bulk-value">{shown}</span>
    </details>
  );
}
