/** The focus back to what had it before something modal; to the page where that is gone, so that Tab begins there. */
export function giveBack(before: Element | null): void {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
  const to = isThere ? before : document.getElementById('main');
  to?.focus({ preventScroll: !isThere });
}
