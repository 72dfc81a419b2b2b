import type { Json, JsonObject } from '@/lib/domain/json';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import { argumentsDepthMax, argumentsNodesMax } from './cel-limits';
import { RuleFailure } from './cel-failure';
import type { Meter } from './cel-meter';

export type VariableName = 'server' | 'tool' | 'agent' | 'session';

/** What an expression may read besides `args`, with its type. */
export const variables: Readonly<Record<VariableName, Readonly<Record<string, 'string' | 'bool'>>>> = {
  server: { name: 'string', trusted: 'bool' },
  tool: {
    name: 'string',
    title: 'string',
    description: 'string',
    readOnly: 'bool',
    destructive: 'bool',
    idempotent: 'bool',
    openWorld: 'bool',
  },
  agent: { name: 'string', owner: 'string' },
  session: { client: 'string', scope: 'string' },
};

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

type Values = Readonly<Record<VariableName, Readonly<Record<string, string | boolean>>>>;

/** What rules read of one call; its arguments are converted when one asks for them. */
export class Subject {
  readonly values: Values;
  readonly #args: JsonObject;
  readonly #meter: Meter;
  #converted: ReadonlyMap<string, unknown> | null = null;

  constructor(question: PolicyQuestion, meter: Meter) {
    this.values = valuesOf(question);
    this.#args = question.args;
    this.#meter = meter;
  }

  get args(): ReadonlyMap<string, unknown> {
    this.#converted ??= new Conversion(this.#meter).object(this.#args, 0).value;
    return this.#converted;
  }
}

function valuesOf({ server, tool, agent, session }: PolicyQuestion): Values {
  // Hints of a server that is not trusted would let it choose its own rule: MCP's defaults stand for them.
  const hints = server.trusted ? tool.annotations : {};
  const readOnly = hints.readOnlyHint === true;
  return {
    server: { name: server.name, trusted: server.trusted },
    tool: {
      name: tool.name,
      title: tool.title,
      description: tool.description,
      readOnly,
      destructive: !readOnly && hints.destructiveHint !== false,
      idempotent: hints.idempotentHint === true,
      openWorld: hints.openWorldHint !== false,
    },
    agent: { name: agent.name, owner: agent.owner ?? '' },
    session: { client: session.client ?? '', scope: session.scope ?? '' },
  };
}

interface Converted<T> {
  readonly value: T;
  readonly weight: number;
}

/** Objects become maps, so that no key of theirs can be taken for something that JavaScript put there. */
class Conversion {
  readonly #meter: Meter;
  #nodes = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  object(json: JsonObject, depth: number): Converted<ReadonlyMap<string, unknown>> {
    const value = new Map<string, unknown>();
    let weight = 1;
    for (const key of Object.keys(json)) {
      const converted = this.#json(json[key] ?? null, depth + 1);
      value.set(key, converted.value);
      weight += converted.weight;
    }
    this.#meter.weigh(value, weight);
    return { value, weight };
  }

  #json(json: Json, depth: number): Converted<unknown> {
    this.#nodes += 1;
    if (depth > argumentsDepthMax || this.#nodes > argumentsNodesMax)
      throw new RuleFailure('the arguments are too deep or too many for it.');
    if (typeof json === 'string') return { value: json, weight: 1 + (json.length >> 6) };
    if (typeof json !== 'object' || json === null) return { value: json, weight: 1 };
    return Array.isArray(json) ? this.#list(json, depth) : this.object(json as JsonObject, depth);
  }

  #list(json: readonly Json[], depth: number): Converted<readonly unknown[]> {
    let weight = 1;
    const value = json.map((item) => {
      const converted = this.#json(item, depth + 1);
      weight += converted.weight;
      return converted.value;
    });
    this.#meter.weigh(value, weight);
    return { value, weight };
  }
}

/** What the library is given for one evaluation. It keeps it until the next, so what it leads to is let go. */
export class Scope {
  #subject: Subject | null;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  get server(): unknown {
    return this.#subject?.values.server;
  }

  get tool(): unknown {
    return this.#subject?.values.tool;
  }

  get agent(): unknown {
    return this.#subject?.values.agent;
  }

  get session(): unknown {
    return this.#subject?.values.session;
  }

  get args(): unknown {
    return this.#subject?.args;
  }

  close(): void {
    this.#subject = null;
  }
}
