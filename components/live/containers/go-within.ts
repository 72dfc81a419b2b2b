/** Goes to another address of the screen that is open. The router follows; no page is fetched. */
export function goWithin(href: string): void {
  window.history.pushState(null, '', href);
}
