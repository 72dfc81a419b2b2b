/** What ends the process before it began, with words that say what to do. */
export class StartProblem extends Error {}
