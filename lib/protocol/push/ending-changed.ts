import type { EndOperation } from '@/lib/domain/end-operation';

/** How far an order to end many sessions is: of two, the one that settled more is newer (I12). */
export interface EndingChangedPush {
  readonly type: 'ending.changed';
  readonly operation: EndOperation;
}
