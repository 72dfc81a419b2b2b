'use client';

import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import Sparkle from 'lucide-react/icons/sparkle';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import { Tag } from '@/components/ui/Tag';
import { useKeys } from '@/components/ui/use-keys';
import type { RequestDraft } from './draft';
import { closedBecause, isGiven } from './readiness';
import type { ModelDraft, RequestScreenProps } from './request-props';
import { TreeBox } from './SamplingMessages';
import { countWords } from './sampling-ask';
import { noDraftBecause, replyFrom, withModelDraft, wouldOverwrite } from './sampling-reply';
import { usageWords } from './usage-words';
import { useLatest } from '@/components/ui/use-latest';
import { requestKeys } from './request-keys';

export interface SamplingReplyProps extends RequestScreenProps {
  readonly shown: RequestDraft;
  readonly lead: ReactNode;
  readonly onReply: (reply: string) => void;
}

/** The reply before it is sent: where its words come from, what they cost, and the editor. */
export function SamplingReply(props: SamplingReplyProps): ReactNode {
  const { detail, draft, shown, lead, onDraft } = props;
  const disabled = closedBecause(detail);
  const drafting = useDrafting(props);
  const { drafted } = draft;
  const calls = drafted !== null && drafted.text === null && shown.reply === '';
  return (
    <div className="sm-edit">
      {lead}
      <div className="row wrap sm-label">
        <label className="strong" htmlFor="reply">
          {drafted === null ? 'Reply' : 'Draft reply'}
        </label>
        {drafted === null ? (
          <span className="meta grow">as the model, in your words</span>
        ) : (
          <>
            <Tag tone="model" icon={Sparkle}>
              {drafted.usage.model}
            </Tag>
            <span className="meta num grow">{usageWords(drafted.usage)}</span>
          </>
        )}
        {disabled === null && !isGiven(props.sending) ? <DraftButton {...props} drafting={drafting} /> : null}
      </div>
      <DraftingWords drafting={drafting} />
      {calls ? (
        <CallsReply drafted={drafted} onOwn={() => onDraft({ ...draft, drafted: null })} />
      ) : (
        <ReplyText {...props} disabled={disabled} />
      )}
    </div>
  );
}

function ReplyText({
  detail,
  draft,
  shown,
  sending,
  onDraft,
  onReply,
  disabled,
}: SamplingReplyProps & { readonly disabled: string | null }): ReactNode {
  const { server } = detail.request;
  const from = replyFrom(shown);
  const back = draft.drafted?.text ?? null;
  return (
    <>
      <textarea
        id="reply"
        className="input sm-reply"
        rows={10}
        value={shown.reply}
        disabled={disabled !== null || isGiven(sending)}
        placeholder={disabled ?? 'Write what the tool should get back'}
        onChange={(event) => onReply(event.target.value)}
        aria-describedby="reply-note"
      />
      <div className="row wrap">
        <span className="meta num grow">
          {wordsCounted(shown.reply)}
          {from === 'edited' ? ' · edited by you' : ''}
        </span>
        {from === 'edited' && back !== null ? (
          <Button look="ghost" size="sm" icon={Undo} onClick={() => onDraft({ ...draft, reply: back })}>
            Back to the draft
          </Button>
        ) : null}
      </div>
      <p className="hint" id="reply-note">
        Nothing is sent yet. The accepted text goes to {server} as the model’s reply, word for word,{' '}
        {from === 'model' ? 'under the model’s name.' : 'marked as written by a person.'}
      </p>
    </>
  );
}

/** A draft that asks for tools: it goes whole, or not at all. */
function CallsReply({ drafted, onOwn }: { readonly drafted: ModelDraft; readonly onOwn: () => void }): ReactNode {
  return (
    <>
      <div id="reply" tabIndex={-1}>
        <TreeBox value={drafted.result} />
      </div>
      <p className="hint">
        Nothing is sent yet. The model asks for tools of the server: accepting sends this reply whole, and the server
        decides what it runs. Decline it, or write the reply yourself.
      </p>
      <p>
        <Button size="sm" onClick={onOwn}>
          Write it myself
        </Button>
      </p>
    </>
  );
}

function DraftButton({
  detail,
  draft,
  reach,
  drafting,
}: SamplingReplyProps & { readonly drafting: Drafting }): ReactNode {
  const id = useId();
  const why = noDraftBecause(detail);
  const [model, setModel] = useState(draft.drafted?.usage.model ?? null);
  const usual = detail.models.find((name) => name === model) ?? detail.models[0] ?? '';
  const busy = drafting.state.is === 'drafting';
  const off = why !== null || busy || reach !== 'online' || detail.models.length === 0;
  const button = useRef<HTMLButtonElement>(null);
  const noteFocus = useRefocus(button, off ? 'off' : 'on');
  const start = (): void => {
    noteFocus();
    drafting.start(usual);
  };
  // While one is offered the key takes it.
  const keyed = !off && drafting.state.is !== 'offered';
  useKeys(keyed ? [{ ...requestKeys.draft, guard: 'guarded', run: start }] : [], detail.request.requestId);
  if (detail.models.length === 0) return null;
  return (
    <span className="row sm-draft">
      {detail.models.length > 1 ? (
        <>
          <label className="sr" htmlFor={id}>
            Model
          </label>
          <select id={id} className="input" value={usual} onChange={(event) => setModel(event.target.value)}>
            {detail.models.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </>
      ) : null}
      <Button
        ref={button}
        icon={draft.drafted === null ? Sparkle : RefreshCw}
        hint={keyed ? 'M' : undefined}
        disabled={off}
        title={why ?? undefined}
        onClick={start}
      >
        {busy ? 'Drafting' : draft.drafted === null ? `Draft with ${usual}` : 'Draft again'}
      </Button>
    </span>
  );
}

/** A button that is off loses the focus: it gets it back once it is on again, unless someone went elsewhere. */
function useRefocus(button: RefObject<HTMLButtonElement | null>, is: 'on' | 'off'): () => void {
  const had = useRef(false);
  useEffect(() => {
    if (is === 'off' || !had.current) return;
    had.current = false;
    if (document.activeElement === document.body) button.current?.focus();
  }, [button, is]);
  return () => void (had.current = document.activeElement === button.current);
}

type DraftingState =
  | { readonly is: 'calm' }
  | { readonly is: 'drafting'; readonly model: string }
  | { readonly is: 'failed'; readonly words: string }
  /** It came, and the person has typed something of their own. */
  | { readonly is: 'offered'; readonly drafted: ModelDraft };

interface Drafting {
  readonly state: DraftingState;
  readonly start: (model: string) => void;
  readonly take: () => void;
  readonly leave: () => void;
}

/** Asks the model. What a person typed is never replaced without asking them. */
function useDrafting(props: SamplingReplyProps): Drafting {
  const [state, setState] = useState<DraftingState>({ is: 'calm' });
  const latest = useLatest(props);
  const run = async (model: string): Promise<void> => {
    setState({ is: 'drafting', model });
    const prompt = props.draft.prompt ?? { systemPrompt: null, messages: [] };
    const said = await props.desk.draft({ model, ...prompt });
    const now = latest.current;
    if (now === null) return;
    if (!said.ok) return setState({ is: 'failed', words: said.message });
    if (wouldOverwrite({ ...now.shown, drafted: now.draft.drafted }))
      return setState({ is: 'offered', drafted: said.value });
    now.onDraft(withModelDraft(now.draft, said.value));
    setState({ is: 'calm' });
  };
  return {
    state,
    start: (model) => void run(model),
    take: () => {
      if (state.is === 'offered') props.onDraft(withModelDraft(props.draft, state.drafted));
      setState({ is: 'calm' });
    },
    leave: () => setState({ is: 'calm' }),
  };
}

function DraftingWords({ drafting: { state, take, leave } }: { readonly drafting: Drafting }): ReactNode {
  switch (state.is) {
    case 'calm':
      return null;
    case 'drafting':
      return (
        <p className="hint sm-drafting" role="status" ref={intoView}>
          <span className="dot-ring spin" aria-hidden="true" /> {state.model} writes a draft for you. Nothing is sent to
          the server.
        </p>
      );
    case 'failed':
      return (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          No draft came: {state.words} You can write the reply yourself.
        </Note>
      );
    case 'offered':
      return <Offer take={take} leave={leave} />;
  }
}

/** What came when something was typed already; nothing of it is lost before one says so. */
function Offer({ take, leave }: Pick<Drafting, 'take' | 'leave'>): ReactNode {
  useKeys([{ ...requestKeys.takeDraft, guard: 'guarded', run: take }], 'offer');
  const then = (act: () => void) => (): void => {
    act();
    requestAnimationFrame(() => document.getElementById('reply')?.focus());
  };
  return (
    <div ref={intoView}>
      <Note icon={Sparkle} tone="accent" live="status">
        <div className="row wrap">
          <span className="grow">The draft is here. Put it in place of what you typed?</span>
          <Button size="sm" onClick={then(leave)}>
            Keep mine
          </Button>
          <Button size="sm" look="primary" hint="M" onClick={then(take)}>
            Replace
          </Button>
        </div>
      </Note>
    </div>
  );
}

/** A key may ask for it from anywhere in the request. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function wordsCounted(reply: string): string {
  const count = countWords(reply);
  return `${count} ${count === 1 ? 'word' : 'words'}`;
}
