/**
 * Our JSON-RPC error codes, to agents and servers alike, from the range JSON-RPC leaves to implementations. One that was
 * released keeps its meaning.
 */
export const serverUnreachableCode = -32050;
export const approvalVoidCode = -32051;
export const cannotSaveCode = -32052;
/** To a server: so many of its questions wait already. */
export const tooManyQuestionsCode = -32053;
export const pausedCode = -32054;
