// What one schema or answer may cost. A hostile server chooses both the schema and the moment; these bounds hold in browser and server alike.

export const schemaNodesMax = 20_000;
export const schemaCharactersMax = 512 * 1024;
export const schemaDepthMax = 32;
/** Sub-schemas apart from plain choices. Compiling one costs the server about 1 ms. */
export const subschemasMax = 500;
/** Above this a form is no longer something a person fills; the JSON editor is. */
export const fieldsMax = 200;
export const optionsMax = 2_000;

export const answerNodesMax = 5_000;
export const answerCharactersMax = 512 * 1024;
export const answerDepthMax = 32;

export const patternCharactersMax = 1_000;
export const patternGroupDepthMax = 40;
/** Backtracking steps one test may cost at worst; about 50 ms in today's engines. */
export const patternStepsMax = 10_000_000;
/** A pattern that can be afforded only for texts shorter than this is not checked at all. */
export const patternTextMin = 40;

export const emailCharactersMax = 320;
export const uriCharactersMax = 4_096;
