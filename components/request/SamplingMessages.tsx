'use client';

import { type ReactNode, useState } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ImageIcon from 'lucide-react/icons/image';
import Volume from 'lucide-react/icons/volume-2';
import Wrench from 'lucide-react/icons/wrench';
import { Icon } from '@/components/ui/Icon';
import { Tag } from '@/components/ui/Tag';
import { Tree } from '@/components/ui/Tree';
import type { TreeChoices } from '@/components/ui/tree-model';
import { visibleText } from '@/components/ui/visible-text';
import type { Json } from '@/lib/domain/json';
import { bytesWords, countWords, type SamplingAsk, type SamplingMessage, type SamplingPart } from './sampling-ask';

/** Drawn by the browser without running anything; every other type is only named. */
const safeImages: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const safeAudio: ReadonlySet<string> = new Set([
  'audio/mpeg',
  'audio/mp3',
  'audio/wav',
  'audio/ogg',
  'audio/webm',
  'audio/mp4',
]);
const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/** Everything the server wants a model to read, in order. */
export function SamplingMessages({ ask, server }: { readonly ask: SamplingAsk; readonly server: string }): ReactNode {
  const count = ask.messages.length;
  return (
    <>
      {ask.systemPrompt === null ? null : (
        <details open className="msg sys">
          <summary>
            <Icon of={ChevronDown} size="xs" />
            System prompt
            <span className="meta">
              from {server}, {countWords(ask.systemPrompt)} words
            </span>
          </summary>
          <p className="words">{visibleText(ask.systemPrompt)}</p>
        </details>
      )}
      {count === 0 ? <p className="t3">The server sent no messages.</p> : null}
      {ask.messages.map((message, index) => (
        <Message key={index} message={message} place={`${index + 1} of ${count}`} />
      ))}
    </>
  );
}

function Message({ message, place }: { readonly message: SamplingMessage; readonly place: string }): ReactNode {
  return (
    <article className="msg">
      <h2>
        {visibleText(message.role)} <span className="meta num">{place}</span>
      </h2>
      {message.parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </article>
  );
}

function Part({ part }: { readonly part: SamplingPart }): ReactNode {
  switch (part.kind) {
    case 'text':
      return <p className="words">{visibleText(part.text)}</p>;
    case 'image':
    case 'audio':
      return <Media part={part} />;
    case 'tool_use':
      return (
        <div className="part">
          <Tag icon={Wrench}>uses {visibleText(part.name)}</Tag>
          <TreeBox value={part.input} />
        </div>
      );
    case 'tool_result':
      return (
        <div className="part">
          <Tag icon={Wrench} tone={part.isError ? 'danger' : 'plain'}>
            {part.isError ? 'tool result, an error' : 'tool result'}
          </Tag>
          {part.parts.map((inner, index) => (
            <Part key={index} part={inner} />
          ))}
        </div>
      );
    case 'other':
      return (
        <div className="part">
          <Tag>{visibleText(part.type)}</Tag>
          <TreeBox value={part.value} />
        </div>
      );
  }
}

function Media({ part }: { readonly part: Extract<SamplingPart, { readonly kind: 'image' | 'audio' }> }): ReactNode {
  const words = `${part.mimeType}, ${bytesWords(part.bytes)}`;
  const source = `data:${part.mimeType};base64,${part.data}`;
  const readable = base64.test(part.data);
  return (
    <figure className="part">
      {part.kind === 'image' && safeImages.has(part.mimeType) && readable ? (
        // The bytes came with the message; there is nothing for an image service to fetch.
        <img src={source} alt="Sent by the server as part of this message" />
      ) : null}
      {part.kind === 'audio' && safeAudio.has(part.mimeType) && readable ? (
        // MCP's audio comes without captions.
        <audio controls preload="none" src={source} />
      ) : null}
      <figcaption>
        <Tag icon={part.kind === 'image' ? ImageIcon : Volume}>{visibleText(words)}</Tag>
      </figcaption>
    </figure>
  );
}

export function TreeBox({ value }: { readonly value: Json }): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  return (
    <div className="card tree-box">
      <Tree value={value} choices={choices} onChoices={setChoices} />
    </div>
  );
}
