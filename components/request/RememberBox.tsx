'use client';

import { type ReactNode, useEffect, useId } from 'react';
import Bookmark from 'lucide-react/icons/bookmark';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { visibleText } from '@/components/ui/visible-text';
import { type RememberOrder, rememberFors } from '@/lib/domain/policy/choice';
import { placeWords } from './diff-lines';
import { fieldsOf, fieldWords, rememberNames, rememberWords } from './remember-words';
import { voteLeadsTo } from './quorum';
import type { RequestScreenProps } from './request-props';
import { shownArguments } from './shown-arguments';

export type RememberBoxProps = Pick<RequestScreenProps, 'detail' | 'draft' | 'onDraft' | 'me'> & {
  /** `taken` when someone has just asked for it. */
  readonly focus: 'taken' | 'left';
  readonly onClose: () => void;
};

/** To what is chosen, or the first to choose. */
export function focusRemember(): void {
  const choices = '#remember input[type=radio]';
  const choice =
    document.querySelector<HTMLElement>(`${choices}:checked`) ?? document.querySelector<HTMLElement>(choices);
  choice?.focus();
}

/** How long an approval stands for later calls of the same tool, and for which. Off until it is chosen. */
export function RememberBox({ detail, draft, onDraft, me, focus, onClose }: RememberBoxProps): ReactNode {
  useEffect(() => {
    if (focus === 'taken') focusRemember();
  }, [focus]);
  const id = useId();
  const args = shownArguments(detail);
  const order: RememberOrder = draft.remember ?? { for: '15min', fields: fieldsOf(args) };
  const { request, summary } = detail;
  const call = { tool: request.tool ?? 'this tool', agent: summary.session.agent.name, arguments: args };
  const put = (remember: RememberOrder | null): void => onDraft({ ...draft, remember });
  return (
    <section className="card a-remember" aria-label="Remember my choice" id="remember">
      <div className="card-h">
        <Icon of={Bookmark} size="sm" />
        <h2 className="medium grow">Remember my approval</h2>
        <Button
          look="ghost"
          size="sm"
          onClick={() => {
            put(null);
            onClose();
          }}
        >
          Do not remember
        </Button>
      </div>
      <div className="card-b a-remember-b">
        <fieldset className="a-set">
          <legend className="h">For how long</legend>
          <div className="row wrap a-fors">
            {rememberFors.map((name) => (
              <label key={name} className="choice" htmlFor={`${id}-${name}`}>
                <input
                  type="radio"
                  id={`${id}-${name}`}
                  name={id}
                  checked={draft.remember !== null && order.for === name}
                  onChange={() => put({ ...order, for: name })}
                />
                <span>{rememberNames[name]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <Fields order={order} id={id} fields={fieldsOf(args)} args={args} onOrder={put} />
        {draft.remember === null ? (
          <p className="hint">Choose for how long; nothing is remembered until then.</p>
        ) : (
          <p className="a-sentence" role="status">
            {visibleText(rememberWords(draft.remember, call))}.
          </p>
        )}
        {voteLeadsTo(request, me, 'approve').tally === 'approved' ? null : (
          <p className="hint">It is remembered only if your approval is the one that decides.</p>
        )}
        <Warning />
      </div>
    </section>
  );
}

function Warning(): ReactNode {
  return (
    <Note icon={TriangleAlert} tone="person">
      Such calls are then sent at once, and nobody sees them first. A rule that denies still wins, a changed tool is
      asked about again, and the choice can be revoked at any time under Remembered choices.
    </Note>
  );
}

interface FieldsProps {
  readonly order: RememberOrder;
  readonly id: string;
  readonly fields: readonly string[];
  readonly args: Parameters<typeof fieldWords>[1];
  readonly onOrder: (order: RememberOrder) => void;
}

/** Which values must be the same. All of them at first: less is the person's own choice. */
function Fields({ order, id, fields, args, onOrder }: FieldsProps): ReactNode {
  if (fields.length === 0) return null;
  const toggled = (pointer: string): RememberOrder => ({
    ...order,
    fields: order.fields.includes(pointer)
      ? order.fields.filter((field) => field !== pointer)
      : fields.filter((field) => field === pointer || order.fields.includes(field)),
  });
  return (
    <fieldset className="a-set">
      <legend className="h">Only with the same</legend>
      <div className="choices">
        {fields.map((pointer, index) => (
          <label key={pointer} className="choice bare" htmlFor={`${id}-f${index}`}>
            <input
              type="checkbox"
              id={`${id}-f${index}`}
              checked={order.fields.includes(pointer)}
              onChange={() => onOrder(toggled(pointer))}
            />
            <span className="mono a-field" title={visibleText(placeWords(pointer))}>
              {visibleText(fieldWords(pointer, args))}
            </span>
          </label>
        ))}
      </div>
      {order.fields.length === 0 ? <p className="hint">None chosen: it counts for any arguments.</p> : null}
    </fieldset>
  );
}
