'use client';

import { type KeyboardEvent, type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { visibleText } from '@/components/ui/visible-text';
import type { PersonRef } from '@/lib/domain/event';
import type { Note } from '@/lib/domain/request-detail';
import { matchingPeople, mentionAt, mentionsIn, piecesOf, withMention } from './mentions';
import type { RequestScreenProps } from './request-props';
import { useLatest } from '@/components/ui/use-latest';
import { isSendKey } from '@/components/ui/send-key';

export type NotesProps = Pick<RequestScreenProps, 'detail' | 'draft' | 'onDraft' | 'desk' | 'reach' | 'clockOffsetMs'>;

/** What people wrote to each other about the request, oldest first. */
export function Notes(props: NotesProps): ReactNode {
  const { detail, clockOffsetMs } = props;
  const now = useNow(clockOffsetMs);
  const [own, setOwn] = useState<readonly Note[]>([]);
  const known = new Set(detail.notes.map(({ noteId }) => noteId));
  const notes = [...detail.notes, ...own.filter(({ noteId }) => !known.has(noteId))];
  return (
    <section className="a-notes" aria-label="Notes">
      <h2 className="h">
        Notes {notes.length === 0 ? null : <span className="count">{notes.length}</span>}
        <span className="meta"> for people here; the agent never sees them</span>
      </h2>
      <ol>
        {notes.map((note) => (
          <li key={note.noteId}>
            <Avatar name={note.by.name} named="beside" />
            <div>
              <p>
                <b className="medium">{note.by.name}</b> <span className="meta num">{clockTimeFrom(note.at, now)}</span>
              </p>
              <p className="words">
                {piecesOf(note.text, note.mentions).map((piece, index) =>
                  piece.kind === 'mention' ? (
                    <b key={index} className="a-mention">
                      {visibleText(piece.text)}
                    </b>
                  ) : (
                    <span key={index}>{visibleText(piece.text)}</span>
                  ),
                )}
              </p>
            </div>
          </li>
        ))}
      </ol>
      {detail.allowed.note.ok ? (
        <Writer {...props} onWritten={(note) => setOwn((before) => [...before, note])} />
      ) : (
        <p className="hint a-not">
          <Icon of={Lock} size="xs" />
          {detail.allowed.note.why ?? 'You cannot write notes here.'}
        </p>
      )}
    </section>
  );
}

type Writing = { readonly state: 'idle' | 'saving' } | { readonly state: 'failed'; readonly words: string };
const longest = 4_000;

function Writer({
  draft,
  onDraft,
  desk,
  reach,
  onWritten,
}: NotesProps & { readonly onWritten: (note: Note) => void }): ReactNode {
  const id = useId();
  const [writing, setWriting] = useState<Writing>({ state: 'idle' });
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useLatest({ draft, onDraft });
  const mention = useMention({ field, text: draft.comment, desk, onText: (comment) => onDraft({ ...draft, comment }) });
  const text = draft.comment.trim();
  const canWrite = text !== '' && writing.state !== 'saving' && reach === 'online';
  const write = async (): Promise<void> => {
    if (!canWrite) return;
    setWriting({ state: 'saving' });
    const people = text.includes('@') ? await mention.ask() : [];
    const said = await desk.note({ text, mentions: mentionsIn(text, people) });
    if (!said.ok) return setWriting({ state: 'failed', words: said.message });
    setWriting({ state: 'idle' });
    onWritten(said.value);
    const now = latest.current;
    if (now !== null && now.draft.comment.trim() === text) now.onDraft({ ...now.draft, comment: '' });
  };
  return (
    <div className="a-writer">
      <label className="sr" htmlFor={id}>
        Write a note
      </label>
      <textarea
        id={id}
        ref={field}
        className="input"
        rows={2}
        maxLength={longest}
        value={draft.comment}
        placeholder="Write a note; @ names someone"
        aria-controls={`${id}-people`}
        aria-autocomplete="list"
        aria-activedescendant={mention.found.length > 0 ? `${id}-${mention.active}` : undefined}
        onChange={(event) => mention.type(event.target.value, event.target.selectionStart)}
        onKeyDown={(event) => {
          if (isSendKey(event)) return void write();
          mention.onKeyDown(event);
        }}
        onBlur={mention.close}
      />
      <MentionList id={id} mention={mention} />
      <div className="row a-writer-foot">
        <WritingWords writing={writing} />
        <Button disabled={!canWrite} onClick={() => void write()}>
          {writing.state === 'saving' ? 'Writing' : 'Write note'}
        </Button>
      </div>
    </div>
  );
}

function WritingWords({ writing }: { readonly writing: Writing }): ReactNode {
  if (writing.state !== 'failed') return <span className="meta grow wide">Ctrl Enter writes it</span>;
  return (
    <span className="err grow" role="alert">
      <Icon of={TriangleAlert} size="xs" />
      {writing.words} Your text is kept.
    </span>
  );
}

/** Under the text, which keeps the focus. */
function MentionList({ id, mention }: { readonly id: string; readonly mention: Mention }): ReactNode {
  return (
    <div
      className="float a-people"
      role="listbox"
      id={`${id}-people`}
      aria-label="People"
      hidden={mention.found.length === 0}
    >
      {mention.found.map((person, index) => (
        <button
          key={person.id}
          type="button"
          role="option"
          id={`${id}-${index}`}
          tabIndex={-1}
          aria-selected={index === mention.active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => mention.pick(person)}
        >
          <Avatar name={person.name} size="sm" named="beside" />
          {person.name}
        </button>
      ))}
    </div>
  );
}

interface Mention {
  /** Whoever may be named; none when they cannot be read. */
  readonly ask: () => Promise<readonly PersonRef[]>;
  readonly found: readonly PersonRef[];
  readonly active: number;
  readonly type: (text: string, cursor: number) => void;
  readonly pick: (person: PersonRef) => void;
  readonly close: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

interface MentionOf {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly desk: NotesProps['desk'];
  readonly onText: (text: string) => void;
}

/** People are asked for with the first @. */
function useMention({ field, text, desk, onText }: MentionOf): Mention {
  const asked = useRef<Promise<readonly PersonRef[]> | null>(null);
  const [people, setPeople] = useState<readonly PersonRef[]>([]);
  const [at, setAt] = useState<{ readonly from: number; readonly search: string } | null>(null);
  const [active, setActive] = useState(0);
  const found = at === null ? [] : matchingPeople(people, at.search);
  const ask = (): Promise<readonly PersonRef[]> => {
    asked.current ??= desk.people().then((said) => {
      if (said.ok) setPeople(said.value);
      else asked.current = null;
      return said.ok ? said.value : [];
    });
    return asked.current;
  };
  const pick = (person: PersonRef): void => {
    if (at === null) return;
    const next = withMention(text, at, person.name);
    onText(next.text);
    setAt(null);
    requestAnimationFrame(() => field.current?.setSelectionRange(next.cursor, next.cursor));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const pointed = found[Math.min(active, found.length - 1)];
    if (pointed === undefined || event.nativeEvent.isComposing) return;
    if (move !== undefined) setActive((active + move + found.length) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') pick(pointed);
    else if (event.key === 'Escape') setAt(null);
    else return;
    event.preventDefault();
  };
  return {
    ask,
    found,
    active: Math.min(active, Math.max(0, found.length - 1)),
    type: (typed, cursor) => {
      onText(typed);
      const mention = mentionAt(typed, cursor);
      if (mention !== null || typed.includes('@')) void ask();
      setAt(mention);
      setActive(0);
    },
    pick,
    close: () => setAt(null),
    onKeyDown,
  };
}
