'use client';

import { type ReactNode, useMemo, useState } from 'react';
import Wrench from 'lucide-react/icons/wrench';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Note } from '@/components/ui/Note';
import { Tag } from '@/components/ui/Tag';
import { visibleText } from '@/components/ui/visible-text';
import type { ServerPage, ToolRow } from '@/lib/domain/server';
import { whenWords } from '@/lib/domain/timeline/time-words';
import type { ServersDesk } from './server-props';
import { cutOf, cutTag } from './offer-words';
import { ToolDialog } from './ToolDialog';

export interface ToolsTabProps {
  readonly page: ServerPage;
  readonly now: number;
  readonly desk: ServersDesk;
  readonly onChanged: () => void;
}

/** What the server offers: what waits for an admin first. */
export function ToolsTab({ page, now, desk, onChanged }: ToolsTabProps): ReactNode {
  const { tools, toolCount, row } = page;
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const found = useMemo(() => matching(tools, search), [tools, search]);
  if (tools.length === 0) return <NoTools row={row} />;
  const shown = tools.find(({ tool }) => tool === open);
  const waiting = tools.filter(isWaiting);
  const cut = tools.filter(isCut);
  return (
    <>
      {waiting.length === 0 ? null : <Waiting server={row.name} waiting={waiting} onOpen={setOpen} />}
      {cut.length === 0 ? null : <Cut server={row.name} cut={cut} onOpen={setOpen} />}
      <div className="sv-find">
        <input
          className="input"
          type="search"
          aria-label="Find a tool"
          placeholder="Find a tool"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="meta">
          {toolCount > tools.length ? `The first ${tools.length} of ${toolCount} tools` : null}
        </span>
      </div>
      {found.length === 0 ? (
        <EmptyState
          icon={Wrench}
          title="No tool is called that"
          actions={<Button onClick={() => setSearch('')}>Show all</Button>}
        >
          Names, titles and descriptions were looked through.
        </EmptyState>
      ) : (
        <ul className="sv-tools">
          {found.map((tool) => (
            <ToolLine key={tool.tool} tool={tool} now={now} onOpen={() => setOpen(tool.tool)} />
          ))}
        </ul>
      )}
      {shown === undefined ? null : (
        <ToolDialog
          server={row}
          tool={shown}
          now={now}
          desk={desk}
          onChanged={onChanged}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function isWaiting({ standing, offered }: ToolRow): boolean {
  return standing !== 'accepted' && offered !== false;
}

function isCut({ offer, offered }: ToolRow): boolean {
  return cutOf(offer) !== null && offered !== false;
}

function matching(tools: readonly ToolRow[], search: string): readonly ToolRow[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return tools;
  return tools.filter(({ tool, title, description }) =>
    [tool, title, description].some((text) => text.toLowerCase().includes(wanted)),
  );
}

function Waiting({
  server,
  waiting,
  onOpen,
}: {
  readonly server: string;
  readonly waiting: readonly ToolRow[];
  readonly onOpen: (tool: string) => void;
}): ReactNode {
  const [first] = waiting;
  if (first === undefined) return null;
  return (
    <div className="sv-note">
      <Note icon={TriangleAlert} tone="person">
        <p className="medium">
          {waiting.length === 1
            ? `${visibleText(first.tool)} is not what was accepted`
            : `${waiting.length} tools are not what was accepted`}
        </p>
        <p>
          {server} changed {waiting.length === 1 ? 'it' : 'them'}. Each call waits for a person, whatever a rule allows,
          until an admin has looked and accepted the change.
        </p>
        <LookAt tools={waiting} onOpen={onOpen} />
      </Note>
    </div>
  );
}

function Cut({
  server,
  cut,
  onOpen,
}: {
  readonly server: string;
  readonly cut: readonly ToolRow[];
  readonly onOpen: (tool: string) => void;
}): ReactNode {
  const [first] = cut;
  if (first === undefined) return null;
  return (
    <div className="sv-note">
      <Note icon={TriangleAlert}>
        <p className="medium">
          {cut.length === 1
            ? `Agents do not get all of ${visibleText(first.tool)}`
            : `Agents do not get all of ${cut.length} tools`}
        </p>
        <p>Each tool says why, and what whoever runs {server} can do. No other tool is lost by it.</p>
        <LookAt tools={cut} onOpen={onOpen} />
      </Note>
    </div>
  );
}

const lookedAtMost = 8;

function LookAt({
  tools,
  onOpen,
}: {
  readonly tools: readonly ToolRow[];
  readonly onOpen: (tool: string) => void;
}): ReactNode {
  return (
    <div className="row wrap sv-waiting">
      {tools.slice(0, lookedAtMost).map(({ tool }) => (
        <Button key={tool} size="sm" onClick={() => onOpen(tool)}>
          Look at {visibleText(tool)}
        </Button>
      ))}
    </div>
  );
}

function ToolLine({
  tool,
  now,
  onOpen,
}: {
  readonly tool: ToolRow;
  readonly now: number;
  readonly onOpen: () => void;
}): ReactNode {
  const { annotations } = tool;
  const cut = isCut(tool) ? cutOf(tool.offer) : null;
  return (
    <li className={tool.offered === false ? 'off' : ''}>
      <button type="button" className="sv-tool" onClick={onOpen}>
        <span className="row wrap">
          <span className="mono medium">{visibleText(tool.tool)}</span>
          {isWaiting(tool) ? (
            <Tag tone="person" icon={TriangleAlert}>
              changed: {tool.changed === '' ? 'definition' : tool.changed}
            </Tag>
          ) : null}
          {cut === null ? null : <Tag icon={TriangleAlert}>{cutTag(cut)}</Tag>}
          {tool.offered === false ? <Tag>no longer offered</Tag> : null}
          {annotations.readOnlyHint === true ? <Tag>says read-only</Tag> : null}
          {annotations.destructiveHint === true ? <Tag>says destructive</Tag> : null}
        </span>
        <span className="t2 sv-words">{visibleText(tool.description)}</span>
        <span className="meta">
          first seen {whenWords(tool.firstSeenAt, now)}
          {tool.versions === 1 ? '' : `, ${tool.versions} definitions, the last ${whenWords(tool.changedAt, now)}`}
        </span>
      </button>
    </li>
  );
}

function NoTools({ row: { name, state } }: Pick<ServerPage, 'row'>): ReactNode {
  if (state === 'removed')
    return (
      <EmptyState icon={Wrench} title="Its tools are not kept">
        What was known of them went when {name} was removed.
      </EmptyState>
    );
  return (
    <EmptyState icon={Wrench} title="No tools are known yet">
      They are listed when an agent first connects to {name}.
    </EmptyState>
  );
}
