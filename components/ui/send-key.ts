type SendKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'repeat'>;

/** Ctrl+Enter, or Command+Enter; a held key sends once. */
export function isSendKey({ key, ctrlKey, metaKey, repeat }: SendKey): boolean {
  return key === 'Enter' && (ctrlKey || metaKey) && !repeat;
}

/** Presses the button that sends the form a field belongs to, wherever it stands; none that is off. */
export function sendFormOf(target: EventTarget | null): 'sent' | 'nothing' {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return 'nothing';
  const parts = target.form === null ? [] : [...target.form.elements];
  const button = parts.find((part) => part instanceof HTMLButtonElement && part.type === 'submit');
  if (!(button instanceof HTMLButtonElement) || button.disabled) return 'nothing';
  button.click();
  return 'sent';
}
