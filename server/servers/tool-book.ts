import { createHash } from 'node:crypto';
import type { PersonRef } from '@/lib/domain/event';
import { canonicalJson, type JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { changedParts, type ToolChange, toolChange } from '@/lib/domain/tool-change';
import {
  acceptDefinition,
  acceptedOf,
  isWaiting,
  type Seeing,
  type SeenDefinition,
  seeDefinition,
  standingOf,
  type ToolRecord,
} from '@/lib/domain/tool-record';
import type { ListedTool } from '@/server/engine/ports/agents';
import type { AuditDueRow } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ToolRecords, ToolStanding } from '@/server/engine/ports/tool-records';
import { SightBudget } from './sight-budget';
import { ToolTable } from './tool-table';
import type { ServersDb } from './tables';

/** A larger definition is known by its digest alone. */
export const keptBytes = 65_536;
/** As many as one list is read for. */
const toolsMost = 5_000;

interface Parts {
  readonly db: ServersDb;
  readonly clock: Clock;
  readonly log: Log;
  /** What is kept of tools of a server that are not as they were accepted; told before that is written down. */
  readonly changed: (server: string, tools: readonly ChangedTool[]) => ToldChange;
}

/** What goes to the disk with changes, and what follows when that is done. */
export interface ToldChange {
  readonly row: AuditDueRow;
  kept(): void;
}

export interface ChangedTool {
  readonly tool: string;
  readonly digest: string;
  readonly parts: string;
}

/** A definition an admin saw, and what the audit log keeps of their accepting it. */
export interface Acceptance {
  readonly tool: string;
  readonly digest: string;
  readonly act: AuditDueRow;
}

/** One definition that is to be written. */
interface Note {
  readonly seeing: Seeing;
  readonly digest: string;
  readonly text: string | null;
}

/** What servers said their tools are: who is accepted from memory, for a call must know at once; texts on disk. */
export class ToolBook implements ToolRecords {
  readonly #parts: Parts;
  readonly #table: ToolTable;
  readonly #budget = new SightBudget();
  readonly #servers = new Map<string, Map<string, ToolRecord>>();
  /** Names in the last list of each server. */
  readonly #offered = new Map<string, ReadonlySet<string>>();
  /** A connection's tools stay the same objects for as long as it lists them. */
  readonly #digests = new WeakMap<JsonObject, string>();
  /** One listing after the other: two at once would each find the other's tools new. */
  #work: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#table = new ToolTable(parts.db);
  }

  static async open(parts: Parts): Promise<ToolBook> {
    const book = new ToolBook(parts);
    for (const { server, record } of await book.#table.load()) book.#put(server, record);
    return book;
  }

  async saw(server: string, tools: readonly ListedTool[]): Promise<'saved' | 'unsaved'> {
    try {
      await this.#inTurn(() => this.#saw(server, tools));
      return 'saved';
    } catch (error) {
      this.#parts.log.error({ err: error, server }, 'what a server offers could not be recorded');
      return 'unsaved';
    }
  }

  standing(server: string, tool: string, definition: JsonObject): ToolStanding {
    const record = this.#servers.get(server)?.get(tool);
    const digest = this.#digestOf(definition);
    const standing = standingOf(record, digest);
    if (standing !== 'changed') return { is: standing };
    const seen = record?.seen.find((one) => one.digest === digest);
    return { is: 'changed', parts: seen?.changed ?? 'definition', sinceAt: seen?.firstSeenAt ?? null };
  }

  async change(server: string, tool: string, definition: JsonObject): Promise<ToolChange | null> {
    const accepted = this.#acceptedOf(server, tool);
    if (accepted === null || accepted.digest === this.#digestOf(definition)) return null;
    const before = await this.#table.definition(server, tool, accepted.digest);
    return before === null ? null : toolChange(before, definition);
  }

  /** Every tool of a server, by name. */
  records(server: string): readonly ToolRecord[] {
    const records = [...(this.#servers.get(server)?.values() ?? [])];
    return records.sort((a, b) => (a.tool < b.tool ? -1 : 1));
  }

  record(server: string, tool: string): ToolRecord | null {
    return this.#servers.get(server)?.get(tool) ?? null;
  }

  /** Whether a tool stood in the last list; null when none was read since the start. */
  isOffered(server: string, tool: string): boolean | null {
    return this.#offered.get(server)?.has(tool) ?? null;
  }

  /** Tools whose definition waits for an admin. */
  waiting(server: string): number {
    return this.records(server).filter((record) => isWaiting(record) && this.isOffered(server, record.tool) !== false)
      .length;
  }

  definitions(server: string, tool: string): Promise<ReadonlyMap<string, JsonObject>> {
    return this.#table.definitions(server, tool);
  }

  latestDefinitions(server: string, digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    return this.#table.byDigest(server, digests);
  }

  /** All of them are accepted when it resolves, or none. Throws when the database is away. */
  accept(
    server: string,
    order: { readonly tools: readonly Acceptance[]; readonly by: PersonRef },
  ): Promise<Result<{ readonly accepted: number }>> {
    return this.#inTurn(async () => {
      const at = this.#parts.clock.now();
      const rows: { tool: string; seen: SeenDefinition; act: AuditDueRow }[] = [];
      const records = new Map<string, ToolRecord>();
      for (const { tool, digest, act } of order.tools) {
        const record = records.get(tool) ?? this.#servers.get(server)?.get(tool);
        if (record === undefined) return refuse('not_found', `${server} has no tool named ${tool}.`);
        const accepted = acceptDefinition(record, { digest, by: order.by, at });
        if (!accepted.ok) return accepted;
        const seen = acceptedOf(accepted.value);
        if (seen !== null) rows.push({ tool, seen, act });
        records.set(tool, accepted.value);
      }
      await this.#table.accept(server, rows);
      for (const record of records.values()) this.#put(server, record);
      return done({ accepted: records.size });
    });
  }

  /** Everything about a server that goes; `remove` takes what is on disk of it, and no listing writes in between. */
  forget(server: string, remove: () => Promise<Result<true>>): Promise<Result<true>> {
    return this.#inTurn(async () => {
      const removed = await remove();
      if (!removed.ok) return removed;
      this.#servers.delete(server);
      this.#offered.delete(server);
      return removed;
    });
  }

  async #saw(server: string, tools: readonly ListedTool[]): Promise<void> {
    const notes: Note[] = [];
    const known = this.#servers.get(server);
    let count = known?.size ?? 0;
    const now = this.#parts.clock.now();
    for (const [name, { definition }] of new Map(tools.map((tool) => [tool.name, tool]))) {
      const record = known?.get(name);
      if (record === undefined && count >= toolsMost) continue;
      const note = await this.#noteOf(server, { name, definition, record, now });
      if (note === null) continue;
      if (record === undefined) count += 1;
      notes.push(note);
    }
    const changed = notes.flatMap(({ seeing, digest }): readonly ChangedTool[] => {
      const parts = seeing.record.seen.find((one) => one.digest === digest)?.changed ?? '';
      return seeing.news === 'changed' ? [{ tool: seeing.record.tool, digest, parts }] : [];
    });
    const told = changed.length > 0 ? this.#parts.changed(server, changed) : null;
    if (notes.length > 0) await this.#table.write(server, notes.map(rowsOf), told?.row ?? null);
    for (const { seeing } of notes) this.#put(server, seeing.record);
    this.#offered.set(server, new Set(tools.map(({ name }) => name)));
    told?.kept();
  }

  /** What is to be written of one tool; null for what is known, or beyond what a server may make us write. */
  async #noteOf(
    server: string,
    sight: {
      readonly name: string;
      readonly definition: JsonObject;
      readonly record: ToolRecord | undefined;
      readonly now: number;
    },
  ): Promise<Note | null> {
    const { name, definition, record, now } = sight;
    const text = canonicalJson(definition);
    const digest = digestOfText(text);
    const bytes = Buffer.byteLength(text);
    const kept = bytes <= keptBytes;
    const isNew = record === undefined || !record.seen.some((one) => one.digest === digest);
    const changed = isNew && record !== undefined ? await this.#changedOf(server, name, definition) : '';
    const seeing = seeDefinition(record, name, { digest, bytes, kept, changed, at: now });
    if (seeing.news === 'same') return null;
    if (!this.#budget.take(server, isNew && kept ? bytes : 0, now)) return null;
    return { seeing, digest, text: kept ? text : null };
  }

  async #changedOf(server: string, tool: string, definition: JsonObject): Promise<string> {
    const accepted = this.#acceptedOf(server, tool);
    const before = accepted === null ? null : await this.#table.definition(server, tool, accepted.digest);
    return before === null ? 'definition, which is too large to compare' : changedParts(before, definition);
  }

  #acceptedOf(server: string, tool: string): SeenDefinition | null {
    const record = this.#servers.get(server)?.get(tool);
    return record === undefined ? null : acceptedOf(record);
  }

  #digestOf(definition: JsonObject): string {
    const known = this.#digests.get(definition);
    if (known !== undefined) return known;
    const digest = digestOfText(canonicalJson(definition));
    this.#digests.set(definition, digest);
    return digest;
  }

  #put(server: string, record: ToolRecord): void {
    const records = this.#servers.get(server) ?? new Map<string, ToolRecord>();
    records.set(record.tool, record);
    this.#servers.set(server, records);
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(run, run);
    this.#work = turn.catch(() => undefined);
    return turn;
  }
}

function rowsOf({ seeing, digest, text }: Note): Parameters<ToolTable['write']>[1][number] {
  const seen = seeing.record.seen.find((one) => one.digest === digest);
  const isNew = seeing.news === 'first' || seeing.news === 'changed';
  return { tool: seeing.record.tool, seen, text: isNew ? text : null, isNew, dropped: seeing.dropped };
}

function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
