/**
 * Part of the head of every answer to an agent. Given with the head and not set before it: what is set on a response
 * Node keeps for as long as that is open.
 */
export const safeHead = { 'x-content-type-options': 'nosniff' } as const;
