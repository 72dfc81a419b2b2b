import type { Live } from '../live';

/** Signs out for good, or stays: only a sign-out that the server confirmed may look like one. */
export async function signOut(live: Live): Promise<void> {
  try {
    const response = await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    if (!response.ok) return;
  } catch {
    // The server cannot be reached; the banner says so, and the person is still signed in.
    return;
  }
  live.forget();
  window.location.assign('/sign-in');
}
