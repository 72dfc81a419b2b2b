'use client';

import { type ReactNode, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import BookmarkCheck from 'lucide-react/icons/bookmark-check';
import Check from 'lucide-react/icons/check';
import Lock from 'lucide-react/icons/lock';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Tag } from '@/components/ui/Tag';
import { visibleText } from '@/components/ui/visible-text';
import type { PersonId } from '@/lib/domain/ids';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { ruleName } from '@/lib/domain/policy/words';
import type { Result } from '@/lib/domain/refusal';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage, NoneYet } from '../AdminPage';
import { ConfirmDialog } from '../ConfirmDialog';
import { useAction } from '../use-action';
import { doesWords, fieldWords, usedWords } from './choice-words';
import { UntilWords } from './UntilWords';

export interface ChoicesScreenProps {
  readonly data: AdminData<readonly RememberedChoice[]>;
  readonly me: PersonId;
  /** Whose choices the list holds. */
  readonly sees: 'everyone' | 'own';
  readonly offsetMs: number;
  readonly onRevoke: (choice: RememberedChoice) => Promise<Result<unknown>>;
  readonly onRetry: () => void;
}

/** Choices that answer for people until they end. */
export function ChoicesScreen(props: ChoicesScreenProps): ReactNode {
  const { data, sees, onRevoke, onRetry } = props;
  const [asking, setAsking] = useState<RememberedChoice | null>(null);
  if (data.is === 'forbidden') return <Forbidden>{data.message}</Forbidden>;
  return (
    <AdminPage
      title="Remembered choices"
      count={data.is === 'ready' ? data.value.length : null}
      data={data}
      onRetry={onRetry}
    >
      {(choices) => (
        <>
          {choices.length === 0 ? (
            <None sees={sees} />
          ) : (
            <>
              <p className="t2 rl-lead">
                These answer without asking, for one tool and one agent. A deny rule always wins over them, and a tool
                whose definition changed is asked about anew.
              </p>
              <ChoicesTable {...props} choices={choices} onAsk={setAsking} />
            </>
          )}
          {asking === null ? null : (
            <ConfirmDialog
              title={`Revoke the choice of ${asking.by.name}?`}
              verb="Revoke"
              keep="Keep it"
              act={() => onRevoke(asking)}
              onClose={() => setAsking(null)}
            >
              From now on people are asked again when {visibleText(asking.agent.name)} calls {visibleText(asking.tool)}{' '}
              on {visibleText(asking.server)}. Calls it has decided stay as they are.
            </ConfirmDialog>
          )}
        </>
      )}
    </AdminPage>
  );
}

function Forbidden({ children }: { readonly children: string }): ReactNode {
  return (
    <div className="main ad-page">
      <header className="bar">
        <h1 className="page-title">Remembered choices</h1>
      </header>
      <EmptyState icon={Lock} title="Remembered choices are for those who answer">
        {children}
      </EmptyState>
    </div>
  );
}

function None({ sees }: Pick<ChoicesScreenProps, 'sees'>): ReactNode {
  return (
    <NoneYet
      icon={BookmarkCheck}
      title={sees === 'everyone' ? 'No choice is remembered' : 'You have no choice remembered'}
    >
      Before you answer an approval, press <b>Remember my choice</b> under its arguments: for 15 minutes, for the
      session, or until revoked. It then answers for the same tool and agent, and stands here with its time left.
    </NoneYet>
  );
}

interface ChoicesTableProps extends ChoicesScreenProps {
  readonly choices: readonly RememberedChoice[];
  readonly onAsk: (choice: RememberedChoice) => void;
}

function ChoicesTable(props: ChoicesTableProps): ReactNode {
  return (
    <table className="table ad ch-table">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Chosen by</th>
          <th scope="col">Holds</th>
          <th scope="col">Used</th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.choices.map((choice) => (
          <ChoiceRow key={choice.choiceId} {...props} choice={choice} />
        ))}
      </tbody>
    </table>
  );
}

function ChoiceRow(props: ChoicesTableProps & { readonly choice: RememberedChoice }): ReactNode {
  const { choice, me, offsetMs, onAsk, onRevoke, onRetry } = props;
  const { state, run } = useAction<unknown>(() => undefined);
  const own = choice.by.id === me;
  return (
    <tr>
      <td>
        <What choice={choice} />
      </td>
      <td>
        <Who choice={choice} name={own ? 'You' : choice.by.name} offsetMs={offsetMs} />
      </td>
      <td>
        <UntilWords choice={choice} offsetMs={offsetMs} onOver={onRetry} />
      </td>
      <td className="t2 num">{usedWords(choice.used)}</td>
      <td className="r">
        <Button
          size="sm"
          look="danger"
          disabled={state.is === 'busy'}
          aria-label={`Revoke: ${doesWords(choice)} ${choice.tool} on ${choice.server} for ${choice.agent.name}`}
          onClick={() => (own ? run(() => onRevoke(choice)) : onAsk(choice))}
        >
          {state.is === 'busy' ? 'Revoking' : 'Revoke'}
        </Button>
        {state.is === 'refused' ? (
          <p className="err ad-refused" role="alert">
            {state.message}
          </p>
        ) : null}
      </td>
    </tr>
  );
}

function What({ choice }: { readonly choice: RememberedChoice }): ReactNode {
  const approves = choice.decision === 'approve';
  return (
    <div className="ch-what">
      <span className="row wrap">
        <Tag icon={approves ? Check : Ban} tone={approves ? 'ok' : 'danger'}>
          {doesWords(choice)}
        </Tag>
        <span>
          <span className="mono medium">{visibleText(choice.tool)}</span> <span className="t2">on</span>{' '}
          {visibleText(choice.server)} <span className="t2">for</span> {visibleText(choice.agent.name)}
        </span>
      </span>
      <span className="meta">
        {choice.fields.length === 0 ? 'with any arguments' : 'only with '}
        {choice.fields.map((field, index) => (
          <code key={field.pointer} className="mono">
            {index === 0 ? '' : ', '}
            {visibleText(fieldWords(field))}
          </code>
        ))}
        ; held by {ruleName(choice.ruleId)}
      </span>
    </div>
  );
}

interface WhoProps extends Pick<ChoicesScreenProps, 'offsetMs'> {
  readonly choice: RememberedChoice;
  readonly name: string;
}

function Who({ choice, name, offsetMs }: WhoProps): ReactNode {
  const [openedAt] = useState(() => Date.now());
  return (
    <span className="ad-who">
      <span>{name}</span>
      <span className="meta num">{dayTime(choice.madeAt, openedAt + offsetMs)}</span>
    </span>
  );
}
