import type { ReactNode } from 'react';
import X from 'lucide-react/icons/x';
import { CopyButton } from '@/components/ui/CopyButton';
import { IconButton } from '@/components/ui/IconButton';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import type { EventRow } from '@/lib/domain/timeline/row';
import { clockTimeMs } from '@/lib/domain/timeline/time-words';
import { JsonText } from './JsonText';
import type { Related } from './related';
import { rawWords } from './raw-words';

/** What the pane beside the lists shows in full. */
export type Inspected =
  | { readonly is: 'event'; readonly row: EventRow }
  | { readonly is: 'message'; readonly raw: RawMessage };

export interface InspectorProps {
  readonly what: Inspected;
  readonly related: readonly Related[];
  /** What else belongs with it, under its facts. */
  readonly beside: ReactNode;
  readonly onEvent: (seq: number) => void;
  readonly onClose: () => void;
}

export function Inspector({ what, related, beside, onEvent, onClose }: InspectorProps): ReactNode {
  const facts = factsOf(what);
  return (
    <aside className="s-raw" aria-label="Details">
      <div className="bar low-bar">
        <span className="medium noshrink">{facts.name}</span>
        <span className="meta mono cut">{facts.kind}</span>
        <span className="grow" />
        <IconButton of={X} label="Close details" onClick={onClose} />
      </div>
      {/* The copy button stands inside what scrolls, so that the keys reach it. */}
      <div className="scroll">
        <div className="s-rawf meta">
          <span className="mono">{clockTimeMs(facts.at)}</span>
          <span className="grow">{facts.way}</span>
          <CopyButton text={() => JSON.stringify(facts.json, null, 2)} label="Copy as JSON" />
        </div>
        {related.length === 0 ? null : (
          <p className="s-rawf meta s-related">
            {related.map(({ words, seq }) => (
              <button key={words} type="button" className="btn ghost sm" onClick={() => onEvent(seq)}>
                {words}: event {seq}
              </button>
            ))}
          </p>
        )}
        {beside}
        <JsonText key={facts.name} value={facts.json} />
      </div>
    </aside>
  );
}

interface Facts {
  readonly name: string;
  readonly kind: string;
  readonly at: number;
  readonly way: string;
  readonly json: Json;
}

function factsOf(what: Inspected): Facts {
  if (what.is === 'message') {
    const { raw } = what;
    const words = rawWords(raw);
    return {
      name: `Message ${raw.seq}`,
      kind: words.what,
      at: raw.at,
      way: `${words.way}, stream ${raw.stream}`,
      json: raw.message,
    };
  }
  const { event, words } = what.row;
  const { sessionId: _session, seq: _seq, at: _at, ...body } = event;
  return { name: `Event ${event.seq}`, kind: event.type, at: event.at, way: words, json: toJson(body) };
}

function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
