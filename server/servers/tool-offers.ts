import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@/lib/domain/json';
import { isTaskOnly, type ToolOffer, wholeOffer } from '@/lib/domain/tool-offer';
import type { ListedTool } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ToolOffers } from '@/server/engine/ports/tool-offers';
import { notReached, SchemaVerdicts } from './schema-verdicts';

/** Agents wait for a list; what is not known by then is taken for the careful case. */
const waitMs = 2_500;
const namedMost = 20;
const nameMost = 100;
const detailMost = 200;
/** A server that changes its tools at every look does not fill the log. */
const toldEveryMs = 600_000;

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly verdicts?: Pick<SchemaVerdicts, 'of'>;
}

/** A definition whose own form is settled; its `outputSchema`, if it has one, is still to be compiled. */
interface Look {
  readonly offer: ToolOffer;
  readonly schema: string | null;
}

/** What agents get of each tool, and a word in the log when that is not all of it. */
export class OfferedTools implements ToolOffers {
  readonly #told = new Map<string, { readonly words: string; readonly at: number }>();

  readonly #verdicts: Pick<SchemaVerdicts, 'of'>;

  constructor(private readonly parts: Parts) {
    this.#verdicts = parts.verdicts ?? new SchemaVerdicts(parts);
  }

  async of(server: string, tools: readonly ListedTool[]): Promise<readonly ToolOffer[]> {
    const offers = await this.offersOf(
      server,
      tools.map(({ definition }) => definition),
    );
    this.#tell(server, tools, offers);
    return offers;
  }

  /** The same without a word. */
  async offersOf(server: string, definitions: readonly JsonObject[]): Promise<readonly ToolOffer[]> {
    const looks = definitions.map(lookAt);
    const schemas = [...new Set(looks.flatMap(({ schema }) => (schema === null ? [] : [schema])))];
    if (schemas.length === 0) return looks.map(({ offer }) => offer);
    const verdicts = await this.#inTime(this.#verdicts.of(server, schemas));
    const faults = new Map(schemas.map((text, index) => [text, verdicts === null ? notReached : verdicts[index]]));
    return looks.map(({ offer, schema }) => {
      const fault = schema === null ? null : (faults.get(schema) ?? null);
      return fault === null ? offer : { is: 'without_output', ...fault };
    });
  }

  async #inTime<T>(work: Promise<T>): Promise<T | null> {
    let cancel: () => void = () => undefined;
    const late = new Promise<null>((resolve) => {
      cancel = this.parts.clock.after(waitMs, () => resolve(null));
    });
    return Promise.race([late, work]).finally(() => cancel());
  }

  #tell(server: string, tools: readonly ListedTool[], offers: readonly ToolOffer[]): void {
    const cut = offers.flatMap((offer, index) =>
      offer.is === 'whole' ? [] : [`${(tools[index]?.name ?? '').slice(0, nameMost)}: ${offer.is}, ${offer.why}`],
    );
    const words = cut.join('\n');
    const { clock, log } = this.parts;
    const before = this.#told.get(server);
    if (cut.length === 0 || before?.words === words) return;
    if (before !== undefined && clock.now() - before.at < toldEveryMs) return;
    this.#told.set(server, { words, at: clock.now() });
    // Nothing is wrong with a tool that is a task.
    const level = offers.some((offer) => offer.is !== 'whole' && offer.why !== 'task_only') ? 'warn' : 'info';
    log[level](
      { server, tools: cut.slice(0, namedMost), count: cut.length },
      'agents do not get all of what this server offers; its page says what to do',
    );
  }
}

function lookAt(definition: JsonObject): Look {
  if (isTaskOnly(definition)) return { offer: { is: 'left_out', why: 'task_only', detail: '' }, schema: null };
  const { outputSchema, ...rest } = definition;
  const read = ToolSchema.safeParse(rest);
  if (!read.success)
    return { offer: { is: 'left_out', why: 'unreadable', detail: problemOf(read.error) }, schema: null };
  if (outputSchema === undefined) return { offer: wholeOffer, schema: null };
  const output = ToolSchema.shape.outputSchema.safeParse(outputSchema);
  if (!output.success)
    return { offer: { is: 'without_output', why: 'broken', detail: problemOf(output.error) }, schema: null };
  return { offer: wholeOffer, schema: JSON.stringify(outputSchema) };
}

/** The first thing that is wrong, and where. */
function problemOf(error: {
  readonly issues: readonly { readonly path: PropertyKey[]; readonly message: string }[];
}): string {
  const [first] = error.issues;
  return first === undefined ? '' : `${first.path.map(String).join('.')}: ${first.message}`.slice(0, detailMost);
}
