/**
 * Whether a name can stand in a line of text: something to read, no line breaks, and none of the marks that
 * turn the direction of the text around it.
 */
export function isPlainName(name: string): boolean {
  return /[\p{L}\p{N}]/u.test(name) && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name);
}
