import type { ReactNode } from 'react';
import type { Limits, ServerPage, ServerSettings } from '@/lib/domain/server';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { visibleText } from '@/components/ui/visible-text';
import { eraWords } from './era-words';
import { sourceWords, TrustMark } from './ServerMarks';

/** What a server is, as it was set up and as it introduced itself. */
export function OverviewTab({ page, now }: { readonly page: ServerPage; readonly now: number }): ReactNode {
  const { row, settings, limits, repeatable, sight } = page;
  const { handshake } = sight;
  return (
    <dl className="sv-facts">
      <Fact name="Where">
        <span className="mono">{row.where}</span>
        {settings?.hasQuery === true ? <span className="meta"> with a query that is not shown</span> : null}
      </Fact>
      <Fact name="How">{sourceWords(row)}</Fact>
      <Fact name="Trust">
        <span className="row wrap">
          <TrustMark trusted={row.trusted} />
          <span className="meta">
            {row.trusted ? 'what it says of its tools is believed' : 'what it says of its tools counts for nothing'}
          </span>
        </span>
      </Fact>
      {handshake === null ? (
        <Fact name="Version">
          <span className="t3">no handshake since the start; a test says what it speaks</span>
        </Fact>
      ) : (
        <>
          <Fact name="Introduced as">
            {visibleText(handshake.name)} {visibleText(handshake.version)}
            <span className="meta"> {whenWords(handshake.at, now)}</span>
          </Fact>
          <Fact name="Version">{eraWords(handshake)}</Fact>
          <Fact name="Can">
            {handshake.capabilities.length === 0 ? (
              <span className="t3">nothing it names</span>
            ) : (
              visibleText(handshake.capabilities.join(', '))
            )}
          </Fact>
        </>
      )}
      {settings === null ? null : <OwnFacts settings={settings} now={now} />}
      <Fact name="Its limits">{limits === null ? <span className="t3">none known</span> : limitWords(limits)}</Fact>
      <Fact name="May run twice">
        {repeatable.length === 0 ? (
          <span className="t3">no tool is named</span>
        ) : (
          <span className="mono">{repeatable.join(', ')}</span>
        )}
      </Fact>
    </dl>
  );
}

/** Of one added in the browser. */
function OwnFacts({ settings, now }: { readonly settings: ServerSettings; readonly now: number }): ReactNode {
  return (
    <>
      <Fact name="Headers">
        {settings.headers.length === 0 ? (
          <span className="t3">none</span>
        ) : (
          <>
            <span className="mono">{settings.headers.join(', ')}</span>
            <span className="meta"> values are sealed</span>
          </>
        )}
      </Fact>
      <Fact name="Last changed">
        by {settings.changedBy}, {whenWords(settings.changedAt, now)}
      </Fact>
    </>
  );
}

function limitWords({ requestMs, idleMs, lifetimeMs, streamMs }: Limits): string {
  const said = [
    ['one call', requestMs],
    ['an idle session', idleMs],
    ['a whole session', lifetimeMs],
    ['one stream', streamMs],
  ] as const;
  const words = said.flatMap(([what, ms]) => (ms === null ? [] : [`${what} ${spanWords(ms)}`]));
  return words.length === 0 ? 'none' : words.join(' · ');
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
