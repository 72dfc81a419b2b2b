import type { Json } from '@/lib/domain/json';
import { isJsonObject } from '@/lib/domain/json';
import type { Pace } from '@/lib/domain/pace';
import { type Heard, Hearings } from '@/lib/domain/pace/hearing';
import { readHistogram } from '@/lib/domain/pace/histogram';
import { emptyHistory, learn, type PaceLimits, paceOf, type ToolHistory } from '@/lib/domain/pace/history';
import { matchesGlob } from '@/lib/domain/policy/glob';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { Change } from './ports/publisher';
import type { PaceSettings, ServerEntry } from './ports/servers';
import type { SavedPace, Store } from './ports/store';

/** A server that names ever new tools pushes out its own and nobody else's. */
const toolsPerServerMost = 300;
const toolsMost = 20_000;
/** Nothing of a longer name is learned. */
const nameMost = 200;
/** What is learned is written this seldom: losing a little is harmless. */
const saveEveryMs = 30_000;

interface Known {
  readonly server: string;
  readonly tool: string;
  readonly history: ToolHistory;
  readonly heardAt: number;
}

export interface PacesPorts {
  readonly store: Pick<Store, 'paces' | 'savePaces'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly servers: { get(name: string): Pick<ServerEntry, 'pace'> | undefined };
}

/** What is usual for each tool, learned from committed events and kept over restarts. */
export class Paces {
  private readonly hearings = new Hearings();
  /** By server and tool; the one heard of longest ago comes first. */
  private readonly known = new Map<string, Map<string, Known>>();
  private readonly unsaved = new Set<string>();
  private gone: { readonly server: string; readonly tool: string }[] = [];
  private saving: Promise<void> | null = null;
  private cancelSave: (() => void) | null = null;

  constructor(private readonly ports: PacesPorts) {}

  /** What was learned before. Without it everything is learned anew, so a failure is only noted. */
  async load(): Promise<void> {
    const { store, log } = this.ports;
    try {
      const saved = await store.paces(toolsMost);
      for (const { server, tool, heardAt, body } of [...saved].reverse()) {
        const history = readHistory(body);
        if (history !== null && this.history(server, tool) === emptyHistory)
          this.keep({ server, tool, history, heardAt });
      }
    } catch (error) {
      log.warn({ err: error }, 'what was learned of tools could not be read; it is learned anew');
    }
  }

  /** To be told of all that was published. */
  hear(change: Change): void {
    if (change.change !== 'events') return;
    for (const event of change.events) {
      const heard = this.hearings.hear(event);
      if (heard !== null) this.learn(heard, event.at);
    }
  }

  /** As of now: how long a call of this tool may be quiet. */
  paceOf(server: string, tool: string): Pace {
    return paceOf(this.history(server, tool), limitsFor(this.ports.servers.get(server)?.pace, tool));
  }

  /** Resolved when all that was learned is written, or could not be. */
  async stop(): Promise<void> {
    this.cancelSave?.();
    this.cancelSave = null;
    await this.saving;
    await this.save();
  }

  private history(server: string, tool: string): ToolHistory {
    return this.known.get(server)?.get(tool)?.history ?? emptyHistory;
  }

  private learn(heard: Heard, heardAt: number): void {
    const { server, tool } = heard;
    if (tool.length > nameMost) return;
    const before = this.history(server, tool);
    const history = learn(before, heard);
    if (history === before) return;
    this.keep({ server, tool, history, heardAt });
    this.unsaved.add(keyOf(server, tool));
    this.cancelSave ??= this.ports.clock.after(saveEveryMs, () => {
      this.cancelSave = null;
      this.saving = this.save().finally(() => {
        this.saving = null;
      });
    });
  }

  private keep(known: Known): void {
    const { server, tool } = known;
    const tools = this.known.get(server) ?? new Map<string, Known>();
    this.known.set(server, tools);
    tools.delete(tool);
    tools.set(tool, known);
    const [oldest] = tools.keys();
    if (tools.size <= toolsPerServerMost || oldest === undefined) return;
    tools.delete(oldest);
    this.unsaved.delete(keyOf(server, oldest));
    this.gone.push({ server, tool: oldest });
  }

  private async save(): Promise<void> {
    const { store, log } = this.ports;
    const paces = [...this.known.values()]
      .flatMap((tools) => [...tools.values()])
      .filter(({ server, tool }) => this.unsaved.has(keyOf(server, tool)))
      .map(({ server, tool, heardAt, history }): SavedPace => ({ server, tool, heardAt, body: bodyOf(history) }));
    const gone = this.gone.filter(({ server, tool }) => this.known.get(server)?.has(tool) !== true);
    if (paces.length === 0 && gone.length === 0) return;
    this.unsaved.clear();
    this.gone = [];
    try {
      await store.savePaces(paces, gone);
    } catch (error) {
      // Kept in memory; written with what is learned next.
      for (const { server, tool } of paces) this.unsaved.add(keyOf(server, tool));
      this.gone.push(...gone);
      log.warn({ err: error }, 'what was learned of tools could not be written');
    }
  }
}

function keyOf(server: string, tool: string): string {
  return `${server}\n${tool}`;
}

function limitsFor(settings: PaceSettings | undefined, tool: string): PaceLimits {
  if (settings === undefined) return { slowAfterMs: null, stalledAfterMs: null };
  const own = settings.tools.find((each) => matchesGlob(each.tool, tool));
  return {
    slowAfterMs: own?.slowAfterMs ?? settings.slowAfterMs,
    stalledAfterMs: own?.stalledAfterMs ?? settings.stalledAfterMs,
  };
}

function bodyOf({ gaps, durations, talked, silent }: ToolHistory): Json {
  return { gaps: { ...gaps.counts }, durations: { ...durations.counts }, talked, silent };
}

/** Null of what is none: it is learned anew. */
function readHistory(body: Json): ToolHistory | null {
  if (!isJsonObject(body)) return null;
  const gaps = readHistogram(body['gaps']);
  const durations = readHistogram(body['durations']);
  const { talked, silent } = body;
  if (gaps === null || durations === null || typeof talked !== 'number' || typeof silent !== 'number') return null;
  return { gaps, durations, talked, silent };
}
