import type { ASTNode } from '@marcbachmann/cel-js';
import { expressionDepthMax, expressionNodesMax, needleCharactersMax, separatorCharactersMax } from './cel-limits';
import { meter } from './cel-environment';
import { isVariable, variables } from './cel-variables';
import { didYouMean } from '@/lib/domain/did-you-mean';

/** What the library's own checks let pass and a rule may not have. */
export interface ShapeProblem {
  readonly message: string;
  readonly offset: number;
}

export const tooMuch = 'this is too long or too deep for one rule; use a list with "in", or two rules';

const functions = ['has', 'size', 'string', 'int', 'double', 'bool', 'type', 'glob', 'timestamp'];
const loops = ['all', 'exists', 'exists_one', 'map', 'filter'];
const textMethods = ['startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii', 'upperAscii', 'trim', 'split'];
const methods = [...loops, ...textMethods, 'substring', 'size'];
const typeNames = ['string', 'int', 'double', 'bool', 'list', 'map', 'null_type', 'type'];
/** The library drops these from a map it writes down. */
const droppedKeys = ['__proto__', 'constructor', 'prototype'];

interface Visit {
  readonly node: ASTNode;
  readonly depth: number;
  /** The variable of the loop this is inside of. */
  readonly loop: string | null;
}

type Found = { readonly next: readonly Visit[] } | ShapeProblem;

/** Walks without recursion: what is too deep is refused here, before anything recurses. */
export function shapeProblem(root: ASTNode): ShapeProblem | null {
  const waiting: Visit[] = [{ node: root, depth: 1, loop: null }];
  for (let seen = 1; ; seen += 1) {
    const visit = waiting.pop();
    if (visit === undefined) return null;
    const { node, depth } = visit;
    if (seen > expressionNodesMax || depth > expressionDepthMax) {
      return { message: tooMuch, offset: node.start };
    }
    const found = look(visit);
    if ('message' in found) return found;
    // The last in is looked at first: what stands first in the text is to be named first.
    waiting.push(...found.next.toReversed());
  }
}

function look(visit: Visit): Found {
  const { node } = visit;
  switch (node.op) {
    case 'value':
      return literal(node, node.args);
    case 'id':
      return name(visit, node.args);
    case '.':
      return field(visit, node.args[0], node.args[1]);
    case 'call':
      return call(visit, node.args[0], node.args[1]);
    case 'rcall':
      return method(visit, node);
    case 'map':
      return entries(visit, node.args);
    case 'list':
    case '?:':
    case '||':
    case '&&':
    case '[]':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return into(visit, node.args);
    case '==':
    case '!=':
    case 'in':
      for (const side of node.args) meter.markCompared(side);
      return into(visit, node.args);
    case '!_':
    case '-_':
      return into(visit, [node.args]);
    case '.?':
    case '[?]':
      return { message: 'optional fields are not part of rules; use has()', offset: node.pos };
  }
}

function into({ depth, loop }: Visit, nodes: readonly ASTNode[]): Found {
  return { next: nodes.map((node) => ({ node, depth: depth + 1, loop })) };
}

function literal(node: ASTNode, value: unknown): Found {
  if (typeof value === 'bigint' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER))
    return { message: 'JSON numbers of this size are not exact; compare texts instead', offset: node.start };
  if (typeof value === 'object' && value !== null)
    return { message: 'bytes and unsigned numbers are not part of rules', offset: node.start };
  return { next: [] };
}

function name({ node, loop }: Visit, id: string): Found {
  if (id === loop || id === 'args' || typeNames.includes(id)) return { next: [] };
  if (isVariable(id)) {
    const fields = Object.keys(variables[id]).map((each) => `${id}.${each}`);
    return { message: `"${id}" is read field by field: ${fields.join(', ')}`, offset: node.start };
  }
  const known = [...Object.keys(variables), 'args', ...(loop === null ? [] : [loop])];
  return { message: `"${id}" is not known here.${hint(id, known)}`, offset: node.start };
}

function field(visit: Visit, left: ASTNode, key: string): Found {
  const inner = left.op === '.' ? left.args[0] : null;
  if (inner?.op === 'id' && isVariable(inner.args))
    return { message: `this has no fields, so ".${key}" cannot be read from it`, offset: visit.node.pos };
  if (left.op !== 'id' || !isVariable(left.args)) return into(visit, [left]);
  const known = Object.keys(variables[left.args]);
  if (known.includes(key)) return { next: [] };
  return { message: `"${left.args}" has no field "${key}".${hint(key, known)}`, offset: visit.node.pos };
}

function hint(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  return near === '' ? ` Known: ${known.join(', ')}.` : near;
}

function call(visit: Visit, called: string, args: readonly ASTNode[]): Found {
  const pattern = called === 'glob' ? args[1] : undefined;
  if (pattern?.op === 'value' && typeof pattern.args === 'string' && pattern.args.length > needleCharactersMax)
    return { message: `a pattern of glob() has at most ${needleCharactersMax} characters`, offset: pattern.start };
  if (functions.includes(called)) return into(visit, args);
  return { message: `there is no function ${called}() in rules.${hint(called, functions)}`, offset: visit.node.start };
}

function method(visit: Visit, node: Extract<ASTNode, { op: 'rcall' }>): Found {
  const [called, receiver, args] = node.args;
  if (!methods.includes(called))
    return { message: `there is no method ${called}() in rules.${hint(called, methods)}`, offset: receiver.end };
  if (loops.includes(called) && args.length > 1) return loopOf(visit, receiver, args);
  if (called === 'split' && !isSeparator(args))
    return { message: 'split() takes one short text, written here in quotes', offset: receiver.end };
  return into(visit, [receiver, ...args]);
}

function isSeparator(args: readonly ASTNode[]): boolean {
  const [separator] = args;
  if (args.length !== 1 || separator?.op !== 'value' || typeof separator.args !== 'string') return false;
  return separator.args.length > 0 && separator.args.length <= separatorCharactersMax;
}

function loopOf({ depth, loop, node }: Visit, receiver: ASTNode, args: readonly ASTNode[]): Found {
  const [variable, ...bodies] = args;
  if (variable?.op !== 'id') return { message: 'a loop begins with the name of its variable', offset: node.start };
  if (loop !== null)
    return { message: 'a loop inside a loop could take very long; rules have none', offset: receiver.start };
  if (isVariable(variable.args) || variable.args === 'args' || typeNames.includes(variable.args))
    return { message: `"${variable.args}" means something else already; call it otherwise`, offset: variable.start };
  const inside = bodies.map((body) => ({ node: body, depth: depth + 1, loop: variable.args }));
  return { next: [{ node: receiver, depth: depth + 1, loop }, ...inside] };
}

function entries(visit: Visit, pairs: readonly (readonly [ASTNode, ASTNode])[]): Found {
  for (const [key] of pairs) {
    if (key.op !== 'value' || typeof key.args !== 'string' || droppedKeys.includes(key.args))
      return { message: 'the keys of a map are texts written here in quotes', offset: key.start };
  }
  return into(
    visit,
    pairs.map(([, value]) => value),
  );
}
