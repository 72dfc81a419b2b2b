import type { ServerRow } from '@/lib/domain/directory';
import type { JsonObject } from '@/lib/domain/json';
import { isJsonObject } from '@/lib/domain/json';
import type { ServerNow, ServerPage, ToolRow } from '@/lib/domain/server';
import type { ToolAnnotations } from '@/lib/domain/tool';
import { acceptedOf, latestOf, standingOf, type ToolRecord } from '@/lib/domain/tool-record';
import type { ServerBook } from './server-book';
import type { ToolBook } from './tool-book';
import type { OfferedTools } from './tool-offers';

const toolsShown = 1_000;
const descriptionShown = 300;

export function serverPage(
  row: ServerRow,
  of: {
    readonly book: ServerBook;
    readonly sight: ServerNow;
    readonly tools: Pick<ServerPage, 'tools' | 'toolCount'>;
  },
): ServerPage {
  const entry = of.book.known(row.name);
  const settings = row.source === 'browser' ? of.book.settings(row.name) : null;
  return {
    row,
    settings,
    limits: entry?.limits ?? settings?.limits ?? null,
    repeatable: entry?.repeatable ?? settings?.repeatable ?? [],
    sight: of.sight,
    ...of.tools,
  };
}

/** Those that wait for an admin first, then those agents do not get whole, then by name. */
export async function toolRowsOf(
  { tools, offers }: { readonly tools: ToolBook; readonly offers: OfferedTools },
  server: string,
): Promise<Pick<ServerPage, 'tools' | 'toolCount'>> {
  const records = tools.records(server).map((record) => ({ record, row: rowOf(tools, server, record) }));
  const sorted = records.toSorted((a, b) => rank(a.row) - rank(b.row));
  const shown = sorted.slice(0, toolsShown);
  const definitions = await tools.latestDefinitions(
    server,
    shown.map(({ row }) => row.digest),
  );
  const kept = shown.flatMap(({ row }) => {
    const definition = definitions.get(row.digest);
    return definition === undefined ? [] : [{ tool: row.tool, definition }];
  });
  const given = await offers.offersOf(
    server,
    kept.map(({ definition }) => definition),
  );
  const offerOf = new Map(kept.map(({ tool }, index) => [tool, given[index] ?? null]));
  const rows = shown.map(({ row }) => ({
    ...row,
    ...wordsOf(row.tool, definitions.get(row.digest) ?? {}),
    offer: offerOf.get(row.tool) ?? null,
  }));
  return { toolCount: records.length, tools: rows.toSorted((a, b) => rank(a) - rank(b)) };
}

function rank({ standing, offered, offer }: Pick<ToolRow, 'standing' | 'offered' | 'offer'>): number {
  if (offered === false) return 3;
  if (standing !== 'accepted') return 0;
  return offer === null || offer.is === 'whole' ? 2 : 1;
}

function rowOf(tools: ToolBook, server: string, record: ToolRecord): ToolRow {
  const latest = latestOf(record);
  const digest = latest?.digest ?? '';
  return {
    tool: record.tool,
    title: record.tool,
    description: '',
    annotations: {},
    standing: standingOf(record, digest),
    digest,
    changed: latest?.changed ?? '',
    firstSeenAt: record.seen[0]?.firstSeenAt ?? 0,
    changedAt: latest?.firstSeenAt ?? 0,
    lastSeenAt: latest?.lastSeenAt ?? 0,
    versions: record.seen.length,
    acceptedAt: acceptedOf(record)?.acceptedAt ?? null,
    offered: tools.isOffered(server, record.tool),
    offer: null,
  };
}

/** The server's words about a tool, cut. */
function wordsOf(tool: string, definition: JsonObject): Pick<ToolRow, 'title' | 'description' | 'annotations'> {
  const { title, description, annotations } = definition;
  const said = isJsonObject(annotations) ? annotations : {};
  const named = [title, said['title']].find((text) => typeof text === 'string' && text !== '');
  return {
    title: typeof named === 'string' ? named.slice(0, descriptionShown) : tool,
    description: typeof description === 'string' ? description.slice(0, descriptionShown) : '',
    annotations: hintsOf(said),
  };
}

const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

function hintsOf(said: JsonObject): ToolAnnotations {
  return Object.fromEntries(
    hints.flatMap((hint) => (typeof said[hint] === 'boolean' ? [[hint, said[hint]] as const] : [])),
  );
}
