/**
 * Where the focus begins in a dialog, best first: its own mark, what it asks for, its first field, what is read by
 * scrolling, the safe button. The way out in its head is no place to begin: it is left to what has nothing else.
 */
export const firstPlaces = [
  '[data-first]:not(:disabled)',
  '.dialog-ask :is(input, textarea, select):enabled',
  '.dialog-b[data-scrolls]',
  '.dialog-b :is(input, textarea, select):enabled',
  '.dialog-b[tabindex]',
  '.dialog-f :is(button:enabled, a[href])',
] as const;

interface Beginning {
  readonly element: HTMLElement;
  /** `instead`: for want of something better, which may still come. */
  readonly is: 'wanted' | 'instead';
}

export function beginningOf(dialog: HTMLElement): Beginning {
  for (const place of firstPlaces) {
    const found = dialog.querySelector<HTMLElement>(place);
    if (found !== null)
      return { element: chosenOf(found, dialog), is: place.startsWith('.dialog-f') ? 'instead' : 'wanted' };
  }
  return { element: dialog.querySelector<HTMLElement>('.dialog-h button') ?? dialog, is: 'instead' };
}

/** Of choices that belong together the focus is on the chosen one. */
function chosenOf(field: HTMLElement, dialog: HTMLElement): HTMLElement {
  if (!(field instanceof HTMLInputElement) || field.type !== 'radio' || field.checked) return field;
  const chosen = dialog.querySelector<HTMLElement>(`input[type="radio"][name="${CSS.escape(field.name)}"]:checked`);
  return chosen ?? field;
}
