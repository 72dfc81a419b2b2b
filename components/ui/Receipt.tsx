import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark';
import X from 'lucide-react/icons/x';
import { Icon } from './Icon';
import type { ReceiptStage } from './receipt-stages';
import { clockTime } from './time-words';

const looks: { readonly [I in ReceiptStage['is']]: string } = {
  done: 'done',
  waiting: 'wait',
  failed: 'fail',
  later: '',
  unseen: '',
};
const spoken: { readonly [I in ReceiptStage['is']]: string } = {
  done: '',
  waiting: ', waiting',
  failed: ', failed',
  later: ', not yet',
  unseen: '',
};

export function Receipt({ stages }: { readonly stages: readonly ReceiptStage[] }): ReactNode {
  return (
    <ol className="receipt" aria-label="Receipt">
      {stages.map((stage) => (
        <li key={stage.words} className={looks[stage.is]} title={stage.at === null ? undefined : clockTime(stage.at)}>
          <Mark is={stage.is} />
          {stage.words}
          <span className="sr">{spoken[stage.is]}</span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ is }: { readonly is: ReceiptStage['is'] }): ReactNode {
  if (is === 'done') return <Icon of={Check} size="xs" />;
  if (is === 'failed') return <Icon of={X} size="xs" />;
  if (is === 'unseen') return <Icon of={CircleQuestionMark} size="xs" />;
  return <span className={`dot-ring ${is === 'waiting' ? 'spin' : ''}`} aria-hidden="true" />;
}
