import type { ReactNode } from 'react';
import { type EndOperation, settledOf } from '@/lib/domain/end-operation';

/** How much of an order is settled, as a bar; the words beside it say the same. */
export function EndingProgress({ operation }: { readonly operation: EndOperation }): ReactNode {
  const { counts } = operation;
  const settled = settledOf(counts);
  const share = counts.total === 0 ? 100 : Math.round((settled / counts.total) * 100);
  return (
    <div
      className="prog danger"
      role="progressbar"
      aria-label="Sessions settled"
      aria-valuemin={0}
      aria-valuemax={counts.total}
      aria-valuenow={settled}
    >
      <i style={{ width: `${share}%` }} />
    </div>
  );
}
