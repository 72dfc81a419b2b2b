'use client';

import type { ReactNode } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import { Icon } from '@/components/ui/Icon';
import { visibleText } from '@/components/ui/visible-text';
import { TreeBox } from './SamplingMessages';
import type { SamplingAsk } from './sampling-ask';

/** What the server wishes of the model: preferences, limits, tools. */
export function SamplingWishes({ ask }: { readonly ask: SamplingAsk }): ReactNode {
  const { preferences } = ask;
  const bars = [
    { name: 'Intelligence', share: preferences.intelligence },
    { name: 'Speed', share: preferences.speed },
    { name: 'Cost', share: preferences.cost },
  ];
  return (
    <section className="r-wishes" aria-label="What the server wishes of the model">
      <h2 className="h">Model preferences</h2>
      {bars.map(({ name, share }) => (
        <div key={name} className="pref">
          <span>{name}</span>
          <div className="prog model" aria-hidden="true">
            <i style={{ width: `${(share ?? 0) * 100}%` }} />
          </div>
          <span className={share === null ? 't3' : 'mono'}>{share === null ? 'not said' : share.toFixed(1)}</span>
        </div>
      ))}
      <Limits ask={ask} />
      {ask.tools.length === 0 ? null : <Tools ask={ask} />}
    </section>
  );
}

function Limits({ ask }: { readonly ask: SamplingAsk }): ReactNode {
  return (
    <dl className="kv">
      <dt>Hints</dt>
      <dd>
        {ask.preferences.hints.length === 0 ? (
          <span className="t3">none</span>
        ) : (
          <span className="mono">{ask.preferences.hints.map(visibleText).join(', ')}</span>
        )}
      </dd>
      <dt>Limit</dt>
      <dd>
        {ask.maxTokens === null ? (
          <span className="t3">no length given</span>
        ) : (
          <>
            <span className="mono">{ask.maxTokens.toLocaleString('en-US')}</span> tokens
          </>
        )}
        {ask.temperature === null ? null : (
          <>
            , temperature <span className="mono">{ask.temperature}</span>
          </>
        )}
      </dd>
      {ask.stopSequences.length === 0 ? null : (
        <>
          <dt>Stops at</dt>
          <dd className="mono">{ask.stopSequences.map((text) => JSON.stringify(text)).join(', ')}</dd>
        </>
      )}
      <dt>Context</dt>
      <dd>{contextWords(ask.includeContext)}</dd>
    </dl>
  );
}

function contextWords(wish: string | null): string {
  if (wish === null || wish === 'none') return 'none asked for, none included';
  return wish === 'thisServer'
    ? 'asked for this server’s; none included'
    : 'asked for other servers’ too; none included';
}

function Tools({ ask }: { readonly ask: SamplingAsk }): ReactNode {
  return (
    <div className="stack r-tools">
      <h2 className="h">
        Tools offered to the model <span className="count">{ask.tools.length}</span>
      </h2>
      {ask.toolChoice === null ? null : <p className="hint">Tool choice: {visibleText(ask.toolChoice)}</p>}
      {ask.tools.map((tool, index) => (
        <details key={index} className="msg tool">
          <summary>
            <Icon of={ChevronDown} size="xs" />
            <span className="mono">{visibleText(tool.name)}</span>
          </summary>
          {tool.description === '' ? null : <p className="words">{visibleText(tool.description)}</p>}
          <TreeBox value={tool.inputSchema} />
        </details>
      ))}
      <p className="hint">A person’s reply is text; no tool is called by it.</p>
    </div>
  );
}
