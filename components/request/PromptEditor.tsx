'use client';

import { type ReactNode, useId } from 'react';
import { visibleText } from '@/components/ui/visible-text';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { editableText } from '@/lib/domain/sampling';
import type { PromptEdits } from './draft';
import { TreeBox } from './SamplingMessages';

export interface PromptEditorProps {
  readonly ask: Json;
  readonly prompt: PromptEdits | null;
  readonly onPrompt: (prompt: PromptEdits | null) => void;
}

const untouched: PromptEdits = { systemPrompt: null, messages: [] };

/** The prompt's words for the draft. Images, sound and tool calls stay as the server sent them. */
export function PromptEditor({ ask, prompt, onPrompt }: PromptEditorProps): ReactNode {
  const id = useId();
  const edits = prompt ?? untouched;
  const { systemPrompt = null, messages = [] } = isJsonObject(ask) ? ask : {};
  const sent = typeof systemPrompt === 'string' ? systemPrompt : '';
  const list: readonly Json[] = Array.isArray(messages) ? messages : [];
  const put = (next: PromptEdits): void =>
    onPrompt(next.systemPrompt === null && next.messages.length === 0 ? null : next);
  return (
    <div className="sm-prompt">
      <PromptField
        id={`${id}-system`}
        name="System prompt"
        sent={sent}
        text={edits.systemPrompt ?? sent}
        onText={(text) => put({ ...edits, systemPrompt: text === sent ? null : text })}
      />
      {list.map((message, index) => {
        const before = editableText(message);
        const role = isJsonObject(message) && typeof message.role === 'string' ? message.role : 'unknown';
        const name = `${visibleText(role)}, ${index + 1} of ${list.length}`;
        if (before === null) {
          return (
            <div key={index} className="field">
              <p className="strong">{name}</p>
              <TreeBox value={message} />
              <p className="hint">Goes to the model as it came.</p>
            </div>
          );
        }
        const others = edits.messages.filter((each) => each.index !== index);
        return (
          <PromptField
            key={index}
            id={`${id}-${index}`}
            name={name}
            sent={before}
            text={edits.messages.find((each) => each.index === index)?.text ?? before}
            onText={(text) => put({ ...edits, messages: text === before ? others : [...others, { index, text }] })}
          />
        );
      })}
      <p className="hint">Only the draft is made from this. The server’s own request stays as it sent it.</p>
    </div>
  );
}

interface PromptFieldProps {
  readonly id: string;
  readonly name: string;
  readonly sent: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function PromptField({ id, name, sent, text, onText }: PromptFieldProps): ReactNode {
  return (
    <div className="field">
      <label className="strong" htmlFor={id}>
        {name}
        {text === sent ? null : <span className="a-changed">changed</span>}
      </label>
      <textarea
        id={id}
        className="input sm-prompt-text"
        rows={3}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
