'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import Info from 'lucide-react/icons/info';
import Pencil from 'lucide-react/icons/pencil';
import { Button } from '@/components/ui/Button';
import type { KeyBinding } from '@/components/ui/key-match';
import { Note } from '@/components/ui/Note';
import { useKeys } from '@/components/ui/use-keys';
import type { RequestDraft } from './draft';
import { byHand } from './earlier';
import { closedBecause } from './readiness';
import type { RequestScreenProps } from './request-props';
import { TreeBox, SamplingMessages } from './SamplingMessages';
import { SamplingReply } from './SamplingReply';
import { SamplingWishes } from './SamplingWishes';
import { readSampling } from './sampling-ask';
import { noDraftBecause } from './sampling-reply';
import { requestKeys } from './request-keys';

const PromptEditor = dynamic(() => import('./PromptEditor').then((file) => file.PromptEditor), { ssr: false });

export interface SamplingBodyProps extends RequestScreenProps {
  /** The draft, with an earlier reply filled in where nothing was typed. */
  readonly shown: RequestDraft;
  /** What is said of an earlier reply. */
  readonly lead: ReactNode;
  /** What stands in the editor's place once it is over. */
  readonly instead: ReactNode | null;
}

/** Left what the server sent, right the reply: written by a person, or drafted by a model and read by one. */
export function SamplingBody(props: SamplingBodyProps): ReactNode {
  const { detail, draft, shown, lead, instead, onDraft } = props;
  const ask = readSampling(detail.ask);
  const { server } = detail.request;
  const [prompt, setPrompt] = useState<'read' | 'edit'>(draft.prompt === null ? 'read' : 'edit');
  const mayDraft =
    instead === null && ask !== null && noDraftBecause(detail) === null && closedBecause(detail) === null;
  const edits = mayDraft && prompt === 'edit';
  return (
    <div className="sm-grid">
      <section className="sm-left" aria-label="What the server sent">
        {mayDraft ? (
          <PromptHead
            server={server}
            prompt={edits ? (draft.prompt === null ? 'same' : 'changed') : 'read'}
            onEdit={() => setPrompt('edit')}
            onBack={() => {
              onDraft({ ...draft, prompt: null });
              setPrompt('read');
            }}
          />
        ) : null}
        {ask === null ? (
          <>
            <Note icon={Info}>The server’s request is not of the form MCP gives it. This is what it sent.</Note>
            <TreeBox value={detail.ask} />
          </>
        ) : edits ? (
          <PromptEditor
            ask={detail.ask}
            prompt={draft.prompt}
            onPrompt={(next) => onDraft({ ...draft, prompt: next })}
          />
        ) : (
          <SamplingMessages ask={ask} server={server} />
        )}
      </section>
      <section className="sm-right" aria-label="The reply">
        {instead ?? (
          <SamplingReply
            {...props}
            lead={lead}
            shown={shown}
            onReply={(reply) => onDraft(byHand(detail, { ...draft, reply }))}
          />
        )}
        {ask === null ? null : <SamplingWishes ask={ask} />}
      </section>
    </div>
  );
}

interface PromptHeadProps {
  readonly server: string;
  /** Read as it came, or being edited: with a change or without. */
  readonly prompt: 'read' | 'same' | 'changed';
  readonly onEdit: () => void;
  readonly onBack: () => void;
}

function PromptHead({ server, prompt, onEdit, onBack }: PromptHeadProps): ReactNode {
  const edit: KeyBinding = { ...requestKeys.editPrompt, guard: 'guarded', run: onEdit };
  useKeys(prompt === 'read' ? [edit] : [], 'prompt');
  return (
    <div className="row sm-prompt-head">
      <span className="meta grow">
        {prompt === 'read' ? `${server} asks for a model’s words on this.` : 'The draft is made from these words.'}
      </span>
      {prompt === 'read' ? (
        <Button size="sm" icon={Pencil} hint="E" onClick={onEdit} id="edit-prompt">
          Edit prompt
        </Button>
      ) : (
        <Button size="sm" onClick={onBack}>
          {prompt === 'same' ? 'Close' : 'As the server sent it'}
        </Button>
      )}
    </div>
  );
}
