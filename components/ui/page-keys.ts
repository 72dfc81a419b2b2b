import { isSendKey, sendFormOf } from './send-key';

/**
 * What the keys of fields do on every page: Ctrl+Enter sends the form, Esc leaves the field, so that the letters are
 * keys again. Whoever has a meaning of its own for them took it before it comes here; in a dialog Esc closes that.
 */
export function onFieldKey(event: KeyboardEvent): void {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || !(target instanceof HTMLElement)) return;
  // The fields of a request have keys of their own.
  if (!target.matches('input, textarea, select') || target.closest('.rq') !== null) return;
  if (isSendKey(event)) {
    if (sendFormOf(target) === 'sent') event.preventDefault();
  } else if (event.key === 'Escape' && target.closest('dialog') === null) target.blur();
}
