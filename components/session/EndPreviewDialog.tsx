'use client';

import { type ReactNode, useId, useState } from 'react';
import Link2 from 'lucide-react/icons/link-2';
import History from 'lucide-react/icons/history';
import OctagonX from 'lucide-react/icons/octagon-x';
import ShieldCheck from 'lucide-react/icons/shield-check';
import Sparkles from 'lucide-react/icons/sparkles';
import SquarePen from 'lucide-react/icons/square-pen';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { stateLooks, toneClass } from '@/components/timeline/icons';
import { riskWords } from '@/components/timeline/lane-words';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { ReasonForm } from '@/components/ui/ReasonForm';
import { type Call, sentOf } from '@/lib/domain/call';
import type { EndPreview } from '@/lib/domain/end-preview';
import type { RequestKind } from '@/lib/domain/event';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { Refusal } from '@/lib/domain/refusal';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { amount } from '@/lib/domain/timeline/phrases';

const kindIcons: { readonly [K in RequestKind]: typeof SquarePen } = {
  form: SquarePen,
  url: Link2,
  approval: ShieldCheck,
  sampling: Sparkles,
  recovery: History,
};

export interface EndPreviewDialogProps {
  readonly preview: EndPreview;
  readonly sending: 'idle' | 'sending';
  readonly refusal: Refusal | null;
  readonly now: number;
  readonly onEnd: (reason: string) => void;
  readonly onClose: () => void;
}

export function EndPreviewDialog({ preview, sending, refusal, onEnd, onClose }: EndPreviewDialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const form = useId();
  const footer = (
    <>
      <span className="meta grow">{connectionWords(preview)}</span>
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep running
      </Button>
      <Button size="lg" look="danger-solid" icon={OctagonX} type="submit" form={form} disabled={sending === 'sending'}>
        {sending === 'sending' ? 'Ending' : 'End session'}
      </Button>
    </>
  );
  const ask = (
    <ReasonForm
      id={form}
      reason={reason}
      onReason={setReason}
      readBy="the agent"
      missing="Say why this session ends."
      refusal={refusal?.message ?? null}
      onSend={(why) => {
        if (sending === 'idle') onEnd(why);
      }}
    />
  );
  return (
    <Dialog title={`End session ${preview.sessionId}?`} onClose={onClose} ask={ask} footer={footer} size="lg">
      <p className="t2 end-lead">Of agent {preview.agent}. Nothing has happened yet. Ending cannot be undone.</p>
      <Calls preview={preview} />
      <Requests preview={preview} />
      <Connections preview={preview} />
      <h3 className="h">{preview.agent} will be told</h3>
      <p className="told mono">{preview.agentMessage.replaceAll('{reason}', () => reason.trim() || '…your reason…')}</p>
    </Dialog>
  );
}

function Calls({ preview }: { readonly preview: EndPreview }): ReactNode {
  if (preview.calls.length === 0) return <p className="t2">No call is open, so nothing is cut off.</p>;
  return (
    <>
      <h3 className="h">
        Calls <span className="count">{preview.calls.length} open</span>
      </h3>
      <ul className="eff">
        {preview.calls.map(({ call, effect, words }) => (
          <li key={call.callId}>
            <CallIcon call={call} effect={effect} />
            <div>
              <p>
                <span className="mono medium">{call.tool}</span> <span className="t3">{callFacts(call)}</span>
              </p>
              <p className="t2 w">{words}</p>
            </div>
            <span className={`tag ${effect === 'unknown' ? 'danger' : 'ok'}`}>
              {effect === 'unknown' ? 'effects unknown' : 'no effect'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function CallIcon({ call, effect }: { readonly call: Call; readonly effect: 'none' | 'unknown' }): ReactNode {
  const look = stateLooks[call.state];
  return (
    <span className={`st ${effect === 'unknown' ? 'danger' : toneClass(look.tone)}`}>
      <Icon of={effect === 'unknown' ? TriangleAlert : look.icon} size="sm" />
    </span>
  );
}

function callFacts(call: Call): string {
  const sent = sentOf(call);
  const progress = 'progress' in call ? call.progress : null;
  const far =
    progress === null
      ? ''
      : progress.total === null
        ? `, progress ${amount(progress.progress)}`
        : `, ${amount(progress.progress)} of ${amount(progress.total)}`;
  const when =
    sent === null
      ? `${stateLooks[call.state].words} since ${clockTime(call.receivedAt)}, not sent`
      : `sent ${clockTime(sent.sentAt)}${far}${call.state === 'held' ? ', then cut off' : ''}`;
  return `on ${call.server}, ${riskWords[call.risk]}, ${when}`;
}

function Requests({ preview }: { readonly preview: EndPreview }): ReactNode {
  const { requests } = preview;
  if (requests.length === 0) return null;
  return (
    <>
      <h3 className="h">
        Open requests{' '}
        <span className="count">{requests.length === 1 ? '1, withdrawn' : `${requests.length}, all withdrawn`}</span>
      </h3>
      <ul className="eff two">
        {requests.map(({ request, answering }) => (
          <li key={request.requestId}>
            <Icon of={kindIcons[request.kind]} size="sm" />
            <p>{plainLine(request.title)}</p>
            {answering === null ? (
              <span className="meta">nobody on it</span>
            ) : (
              <span className="presence">
                <Avatar name={answering} doing="answering" named="beside" />
                {answering} is answering
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Connections({ preview }: { readonly preview: EndPreview }): ReactNode {
  if (preview.connections.length === 0) return null;
  return (
    <>
      <h3 className="h">
        Connections <span className="count">{preview.connections.length}</span>
      </h3>
      <ul className="ends">
        {preview.connections.map((connection) => (
          <li key={connection.server}>
            <b className="medium">{connection.server}</b> <span className="t2">{connection.words}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function connectionWords(preview: EndPreview): string {
  const http = preview.connections.filter((connection) => connection.transport === 'http').length;
  const stdio = preview.connections.length - http;
  const parts = [
    http === 0 ? '' : `DELETE is sent to ${countOf(http, 'connection')}`,
    stdio === 0 ? '' : `${stdio} ${stdio === 1 ? 'process is' : 'processes are'} ended`,
  ];
  const said = parts.filter((part) => part !== '').join(', ');
  return said === '' ? '' : `Then ${said}; what has not stopped after ${spanWords(preview.graceMs)} is forced.`;
}
