/** Tells when the page is left or hidden, until the returned function is called. */
export type Leaving = (run: () => void) => () => void;

/**
 * A hidden page may be ended without another word, on a phone above all. One that is left is told of it before the
 * way is begun, too: what is written to a socket while a page goes is not always sent.
 */
export const leavingOfPage: Leaving = (run) => {
  if (typeof document === 'undefined') return () => undefined;
  const onHidden = (): void => {
    if (document.visibilityState === 'hidden') run();
  };
  window.addEventListener('beforeunload', run);
  window.addEventListener('pagehide', run);
  document.addEventListener('visibilitychange', onHidden);
  return () => {
    window.removeEventListener('beforeunload', run);
    window.removeEventListener('pagehide', run);
    document.removeEventListener('visibilitychange', onHidden);
  };
};
