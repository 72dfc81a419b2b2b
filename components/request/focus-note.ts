/** To where a note is written, from wherever the person is. */
export function focusNote(): void {
  const field = document.querySelector<HTMLElement>('.rq .a-writer textarea:enabled');
  field?.scrollIntoView({ block: 'nearest' });
  field?.focus({ preventScroll: true });
}
