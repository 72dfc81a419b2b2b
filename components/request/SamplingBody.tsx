'use client';

import type { ReactNode } from 'react';
import Info from 'lucide-react/icons/info';
import { Note } from '@/components/ui/Note';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { TreeBox, SamplingMessages } from './SamplingMessages';
import { SamplingWishes } from './SamplingWishes';
import { countWords, readSampling } from './sampling-ask';

export interface SamplingBodyProps {
  readonly detail: RequestDetail;
  /** The reply as it stands, an earlier one filled in where nothing was typed. */
  readonly reply: string;
  /** What is said of an earlier reply. */
  readonly lead: ReactNode;
  readonly onReply: (reply: string) => void;
  /** Why nothing can be written; null when it can. */
  readonly disabledReason: string | null;
  /** What stands in the editor's place once it is over. */
  readonly instead: ReactNode | null;
}

/** Left what the server sent, right the reply a person writes. */
export function SamplingBody({ detail, reply, lead, onReply, disabledReason, instead }: SamplingBodyProps): ReactNode {
  const ask = readSampling(detail.ask);
  const { server } = detail.request;
  return (
    <div className="sm-grid">
      <section className="sm-left" aria-label="What the server sent">
        {ask !== null ? (
          <SamplingMessages ask={ask} server={server} />
        ) : (
          <>
            <Note icon={Info}>The server’s request is not of the form MCP gives it. This is what it sent.</Note>
            <TreeBox value={detail.ask} />
          </>
        )}
      </section>
      <section className="sm-right" aria-label="The reply">
        {instead ?? (
          <div className="sm-edit">
            {lead}
            <label className="row sm-label" htmlFor="reply">
              <span className="strong">Reply</span>
              <span className="meta grow">as the model, in your words</span>
              <span className="meta num">{wordsCounted(reply)}</span>
            </label>
            <textarea
              id="reply"
              className="input sm-reply"
              rows={10}
              value={reply}
              disabled={disabledReason !== null}
              placeholder={disabledReason ?? 'Write what the tool should get back'}
              onChange={(event) => onReply(event.target.value)}
              aria-describedby="reply-note"
            />
            <p className="hint" id="reply-note">
              The accepted text goes to {server} as the model’s reply, word for word, marked as written by a person.
            </p>
          </div>
        )}
        {ask === null ? null : <SamplingWishes ask={ask} />}
      </section>
    </div>
  );
}

function wordsCounted(reply: string): string {
  const count = countWords(reply);
  return `${count} ${count === 1 ? 'word' : 'words'}`;
}
