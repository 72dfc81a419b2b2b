/** Raised whenever a message changes; a page that speaks another version is asked to reload. */
export const protocolVersion = 21;
