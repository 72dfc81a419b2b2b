import { errorSteps } from './cel-limits';
import { outOfSteps, RuleFailure } from './cel-failure';

/**
 * The library evaluates without bounds and keeps, for ever and for all environments, a declaration of every shape of
 * nested lists and maps it meets: whoever sends arguments could fill the memory. Both are mended on its evaluator, the
 * object that every function gets as `this`. Guarded by tests/policy/cel-bounds.test.ts.
 */
export interface Machine {
  run(node: MachineNode, context: unknown): unknown;
  tryEval(node: MachineNode, context: unknown): unknown;
  debugType(value: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

interface MachineNode {
  readonly op: string;
  evaluate(machine: Machine, node: MachineNode, context: unknown): unknown;
}

export function isMachine(value: unknown): value is Machine {
  if (typeof value !== 'object' || value === null) return false;
  return ['run', 'tryEval', 'debugType', 'debugTypeDeep'].every(
    (name) => name in value && typeof (value as Record<string, unknown>)[name] === 'function',
  );
}

const gathering: ReadonlySet<string> = new Set(['accuPush', 'accuValue', '?:']);

/** Counts what an evaluation costs, in steps: a node evaluated, or as much work inside one. */
export class Meter {
  #left = 0;
  readonly #compared = new WeakSet<object>();
  readonly #weights = new WeakMap<object, number>();

  get left(): number {
    return this.#left;
  }

  start(steps: number): void {
    this.#left = steps;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw outOfSteps;
  }

  /** Both sides of a comparison are walked to their depth. */
  markCompared(node: object): void {
    this.#compared.add(node);
  }

  /** How many values a list or map holds, at any depth. */
  weigh(value: object, weight: number): void {
    this.#weights.set(value, weight);
  }

  install(machine: Machine): void {
    machine.run = (node, context) => {
      this.spend(1);
      const value = node.evaluate(machine, node, context);
      this.#charge(node, value);
      return value;
    };
    machine.tryEval = (node, context) => {
      try {
        return machine.run(node, context);
      } catch (error) {
        if (error === outOfSteps) throw error;
        this.spend(errorSteps);
        return error instanceof Error ? error : new RuleFailure('it failed.');
      }
    };
    machine.debugTypeDeep = (value) => machine.debugType(value);
  }

  /** What is made of a value costs in proportion to its size, and the library does not say what it does with it. */
  #charge(node: MachineNode, value: unknown): void {
    if (typeof value === 'string') this.spend(value.length >> 6);
    else if (typeof value === 'number' && !Number.isFinite(value))
      throw new RuleFailure('a number in it is none, as after a division by zero.');
    else if (typeof value === 'object' && value !== null) {
      const size = Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0;
      if (this.#compared.has(node)) this.spend(this.#weights.get(value) ?? size);
      // What a loop gathers is the same list at every step.
      if (!gathering.has(node.op)) this.spend(size >> 3);
    }
  }
}
