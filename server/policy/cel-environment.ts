import { Environment } from '@marcbachmann/cel-js';
import { addFunctions } from './cel-functions';
import { expressionDepthMax, expressionNodesMax, listElementsMax } from './cel-limits';
import { isMachine, Meter } from './cel-meter';
import { variables } from './cel-variables';

/** One for all rules: an environment is dear to make, and evaluation is synchronous. */
export const meter = new Meter();
export const environment = makeEnvironment();

function makeEnvironment(): Environment {
  const made = new Environment({
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: expressionNodesMax,
      maxDepth: expressionDepthMax,
      maxListElements: listElementsMax,
      maxMapEntries: listElementsMax,
      maxCallArguments: 8,
    },
  });
  made.registerVariable('args', 'map<string, dyn>');
  for (const [name, schema] of Object.entries(variables)) made.registerVariable({ name, schema: { ...schema } });
  addFunctions(made, meter);
  takeOver(made);
  return made;
}

/** A library that no longer lets itself be bounded must not start to evaluate. */
function takeOver(made: Environment): void {
  const found: unknown[] = [];
  made.registerFunction(
    'machine(): bool',
    function (this: unknown): boolean {
      found.push(this);
      return true;
    },
    { async: false },
  );
  made.evaluate('machine()');
  const [machine] = found;
  if (!isMachine(machine)) throw new Error('The CEL library has no evaluator that can be bounded.');
  meter.install(machine);
  meter.start(1_000);
  if (made.evaluate('[1, 2].all(n, n > 0)') !== true || meter.left > 1_000 - 5)
    throw new Error('The CEL library evaluates without being counted.');
}
