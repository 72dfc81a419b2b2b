/** Why a rule could not be evaluated for a call, in words that never quote the call. */
export class RuleFailure extends Error {
  override readonly name = 'RuleFailure';
}

/** Made once: it is thrown through every loop that is still running, and must cost nothing. */
export const outOfSteps = new RuleFailure('it takes too long with these arguments.');
