'use client';

import type { ReactNode } from 'react';
import { QueueList } from './QueueList';
import type { QueueScreenProps } from './queue-props';

/** The list left, one request right; on a phone one of the two. */
export function QueueScreen(props: QueueScreenProps): ReactNode {
  return (
    <div className="q" data-open={props.open}>
      <QueueList {...props} />
      <section className="q-detail" aria-label="Request">
        {props.detail}
      </section>
    </div>
  );
}
