'use client';

import type { ReactNode } from 'react';
import ArrowLeftRight from 'lucide-react/icons/arrow-left-right';
import Terminal from 'lucide-react/icons/terminal';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import type { RawMessage } from '@/lib/domain/raw';
import { curlOf, curlRefusal } from '@/lib/domain/raw-view/curl';
import { partsOf } from '@/lib/domain/raw-view/raw-part';
import { pairingOf } from './pairing-of';
import { latencyWords } from './latency-words';

export interface RawDetailProps {
  readonly raw: RawMessage;
  /** All that are loaded, in order. */
  readonly messages: readonly RawMessage[];
  readonly transport: 'http' | 'stdio' | 'unknown';
  readonly onJump: (message: RawMessage) => void;
}

/** What a raw message answers or is answered by, and how to send it again. */
export function RawDetail({ raw, messages, transport, onJump }: RawDetailProps): ReactNode {
  const pair = pairingOf(messages).pairs.get(raw.seq);
  const partner = pair === undefined ? undefined : messages.find(({ seq }) => seq === pair.seq);
  const isRequest = partsOf(raw).some(({ kind }) => kind === 'request');
  const refusal = curlRefusal(raw, transport);
  return (
    <div className="s-rawf meta rawd">
      {pair === undefined ? (
        <span className="t3">{unpairedWords(raw)}</span>
      ) : (
        <span>
          {isRequest ? 'Answered after ' : 'The answer, after '}
          <b className="num">{latencyWords(pair.tookMs)}</b>
          {isRequest || pair.method === null ? '' : `, to ${pair.method}`}
        </span>
      )}
      {partner === undefined ? null : (
        <Button size="sm" look="ghost" icon={ArrowLeftRight} onClick={() => onJump(partner)}>
          {isRequest ? `Its answer: message ${partner.seq}` : `Its request: message ${partner.seq}`}
        </Button>
      )}
      {raw.isCut === true ? <span className="t3">Too large to be kept whole: marks say what is missing.</span> : null}
      <span className="grow" />
      {refusal === null ? (
        <CopyButton look="words" label="Copy as curl" text={() => curlOf(raw)} />
      ) : (
        <Button size="sm" icon={Terminal} disabled title={refusal}>
          No curl
        </Button>
      )}
      {refusal === null ? null : <span className="t3 rawd-why">{refusal}</span>}
    </div>
  );
}

function unpairedWords(raw: RawMessage): string {
  const [part] = partsOf(raw);
  switch (part?.kind) {
    case 'request':
      return 'Not answered so far.';
    case 'result':
    case 'error':
      return 'Its request is not loaded, or not kept.';
    case 'notification':
      return 'A notification: nothing answers it.';
    case 'other':
    case undefined:
      return 'Nothing answers it.';
  }
}
