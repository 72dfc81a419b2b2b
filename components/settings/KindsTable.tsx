'use client';

import { Fragment, type ReactNode, useId } from 'react';
import type { Channel, NoticeKind } from '@/lib/domain/notice';

export interface KindsColumn<C extends Channel> {
  readonly channel: C;
  readonly name: string;
  /** Why nothing can come this way; null when it can. */
  readonly offWhy: string | null;
}

export interface KindsTableProps<C extends Channel> {
  readonly label: string;
  readonly rows: readonly NoticeKind[];
  readonly words: (kind: NoticeKind) => string;
  /** Said under what cannot be switched off. */
  readonly always: string;
  readonly columns: readonly KindsColumn<C>[];
  readonly kinds: { readonly [K in C]: readonly NoticeKind[] };
  readonly onKinds: (kinds: { readonly [K in C]: readonly NoticeKind[] }) => void;
}

/** What is told by which channel. Escalations always come, so theirs are shown and cannot be changed. */
export function KindsTable<C extends Channel>(props: KindsTableProps<C>): ReactNode {
  const { label, rows, columns } = props;
  return (
    <table className="st-kinds" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Told when</th>
          {columns.map(({ channel, name }) => (
            <th key={channel} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((kind) => (
          <KindRow key={kind} {...props} kind={kind} />
        ))}
      </tbody>
    </table>
  );
}

function KindRow<C extends Channel>(props: KindsTableProps<C> & { readonly kind: NoticeKind }): ReactNode {
  const { kind, columns, words, always } = props;
  const id = useId();
  return (
    <tr>
      <th scope="row" id={id}>
        {words(kind)}
        {kind === 'escalated' ? <span className="meta ad-sub">{always}</span> : null}
      </th>
      {columns.map((column) => (
        <Fragment key={column.channel}>
          <KindCell {...props} column={column} />
        </Fragment>
      ))}
    </tr>
  );
}

interface KindCellProps<C extends Channel> extends KindsTableProps<C> {
  readonly kind: NoticeKind;
  readonly column: KindsColumn<C>;
}

function KindCell<C extends Channel>({ kind, words, column, kinds, onKinds }: KindCellProps<C>): ReactNode {
  const { channel, name, offWhy } = column;
  const always = kind === 'escalated';
  const chosen = kinds[channel];
  const label = `${words(kind)}, by ${name}`;
  return (
    <td>
      <label className="st-tick" title={offWhy ?? undefined}>
        <input
          type="checkbox"
          aria-label={always ? `${label}: always` : label}
          checked={always ? offWhy === null : chosen.includes(kind)}
          disabled={always || offWhy !== null}
          onChange={(event) => {
            const rest = chosen.filter((each) => each !== kind);
            onKinds({ ...kinds, [channel]: event.target.checked ? [...rest, kind] : rest });
          }}
        />
        <span className="narrow" aria-hidden="true">
          {name}
        </span>
      </label>
    </td>
  );
}
