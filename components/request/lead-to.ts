/** Into a field: what is typed next goes there. */
export function enterField(field: HTMLElement | null): void {
  field?.scrollIntoView({ block: 'nearest' });
  field?.focus({ preventScroll: true });
}

/**
 * To a field and not into it, so that the next key is a key still: who presses the accepting key twice by habit
 * writes no letter of it into a reason. Tab goes in from here.
 */
export function pointAtField(field: HTMLElement | null): void {
  const place = field?.closest<HTMLElement>('.field, .sm-edit') ?? field?.parentElement ?? null;
  if (place === null) return;
  if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
  field?.scrollIntoView({ block: 'nearest' });
  place.focus({ preventScroll: true });
}
