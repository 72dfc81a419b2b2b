import type { JsonObject } from '@/lib/domain/json';
import { readSampling, type Sampling } from '@/lib/domain/sampling';
import type { Log } from '@/server/engine/ports/log';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { type ModelFailure, type ModelReply, type Models, noModels } from '@/server/engine/ports/models';
import { chooseModel } from './choose';
import { failureOf, repeatAfterMs } from './failure';
import { pause, within } from './limits';
import { toCallOptions } from './prompt';
import { type Fetch, type LoadedModel, loadModel } from './provider';
import { toReply } from './reply';
import type { CallOptions, Generated } from './sdk';
import { ToolNames } from './tool-names';
import { unfitAsk } from './unfit';
import { usageOf } from './usage';

export interface ModelParts {
  readonly log: Log;
  /** In place of Node's own. */
  readonly fetch?: Fetch;
}

type How = Parameters<Models['write']>[1];

/** The configured models, the usual one first. A provider's package is loaded when one of its models is first asked. */
export function createModels(entries: readonly ModelEntry[], parts: ModelParts): Models {
  return entries.length === 0 ? noModels : new ConfiguredModels(entries, parts);
}

class ConfiguredModels implements Models {
  readonly names: readonly string[];
  readonly #entries: readonly ModelEntry[];
  readonly #parts: ModelParts;
  readonly #loaded = new Map<ModelEntry, Promise<LoadedModel>>();

  constructor(entries: readonly ModelEntry[], parts: ModelParts) {
    this.names = entries.map((entry) => entry.name);
    this.#entries = entries;
    this.#parts = parts;
  }

  async write(ask: JsonObject, how: How): Promise<ModelReply | ModelFailure> {
    try {
      return await this.#write(ask, how);
    } catch (error) {
      // The error stays out of the log: it may hold the prompt.
      this.#parts.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'a model could not be asked');
      return { ok: false, message: 'The model could not be asked, by a fault of Holdpoint. Write the reply yourself.' };
    }
  }

  async #write(ask: JsonObject, how: How): Promise<ModelReply | ModelFailure> {
    const reading = readSampling(ask);
    if (!reading.ok) return { ok: false, message: `This request cannot be given to a model. ${reading.message}` };
    const read = reading.value;
    const entry = chooseModel(this.#entries, { name: how.model, hints: read.hints });
    if (entry === null) return { ok: false, message: 'There is no model of this name any more. Choose another one.' };
    const problem = unfitAsk(read, entry.provider.kind);
    if (problem !== null) return { ok: false, message: problem };
    return this.#ask({ ask, read }, entry, how.signal);
  }

  async #ask(
    { ask, read }: { readonly ask: JsonObject; readonly read: Sampling },
    entry: ModelEntry,
    signal: AbortSignal,
  ): Promise<ModelReply | ModelFailure> {
    const { log } = this.#parts;
    const names = new ToolNames(read);
    const options = toCallOptions(read, entry, names);
    const startedMs = performance.now();
    const tookMs = (): number => Math.round(performance.now() - startedMs);
    let generated: Generated;
    try {
      const limit = { timeoutMs: entry.timeoutMs, signal };
      generated = await within(limit, (stop) => this.#generate(entry, { ...options, abortSignal: stop }, stop));
    } catch (error) {
      const failure = failureOf(error, entry);
      log.warn({ model: entry.name, tookMs: tookMs(), ...failure.facts }, 'a model did not reply');
      return { ok: false, message: failure.message };
    }
    const usage = usageOf(entry, generated.usage, tookMs());
    const reply = toReply(generated, { ask, read, names, model: entry.model });
    log.info(
      { name: entry.name, ...usage, finish: generated.finishReason.unified, usable: reply.ok },
      'a model replied to a sampling request',
    );
    return reply.ok ? { ...reply, usage } : reply;
  }

  /** Asks once, and once more after an error that passes: nothing was written by then. */
  async #generate(entry: ModelEntry, options: CallOptions, signal: AbortSignal): Promise<Generated> {
    const loaded = await this.#load(entry);
    await loaded.ready();
    try {
      return await loaded.sdk.doGenerate(options);
    } catch (error) {
      const pauseMs = repeatAfterMs(error);
      if (pauseMs === null) throw error;
      await pause(pauseMs, signal);
      return await loaded.sdk.doGenerate(options);
    }
  }

  #load(entry: ModelEntry): Promise<LoadedModel> {
    let loading = this.#loaded.get(entry);
    if (loading === undefined) {
      loading = loadModel(entry, this.#parts.fetch ?? globalThis.fetch);
      this.#loaded.set(entry, loading);
    }
    return loading;
  }
}
