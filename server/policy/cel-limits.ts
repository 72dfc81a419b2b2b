// What one expression and one question may cost. Evaluation runs in the server's event loop and an agent chooses the
// arguments: past these bounds a rule fails, and a rule that fails holds its call.

export const expressionCharactersMax = 4_000;
export const expressionNodesMax = 1_500;
/** Every level is some frames of the stack. */
export const expressionDepthMax = 100;
export const listElementsMax = 500;

/** For all rules of one question together; about 0.3 s of today's machines. */
export const questionStepsMax = 2_000_000;
/** One error costs a trace and a message, so a list of a million faults is not walked to its end. */
export const errorSteps = 200;
export const argumentsDepthMax = 256;
export const argumentsNodesMax = 1_000_000;
/** What `contains` looks for and `glob` compares with: searching costs the product of both lengths. */
export const needleCharactersMax = 256;
export const separatorCharactersMax = 32;
