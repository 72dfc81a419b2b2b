/** Closed by a full stop where nothing closes it yet; nothing stays nothing. */
export function sentence(text: string): string {
  const words = text.trim();
  return words === '' || /[.!?…]$/u.test(words) ? words : `${words}.`;
}
