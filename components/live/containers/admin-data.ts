import type { AdminData } from '@/components/admin/AdminPage';
import type { Result } from '@/lib/domain/refusal';
import type { Listed } from '../hooks';
import type { Reply } from '../wire';

export function adminData<T, V>(listed: Listed<T>, view: (value: T) => V): AdminData<V> {
  switch (listed.status) {
    case 'loading':
      return { is: 'loading' };
    case 'failed':
      return { is: listed.failure.code === 'forbidden' ? 'forbidden' : 'failed', message: listed.failure.words };
    case 'ready':
      return { is: 'ready', value: view(listed.value) };
  }
}

/** A change that was answered, one way or the other. Without an answer it rejects: nobody knows whether it happened. */
export async function answered<T>(reply: Promise<Reply<T>>, onDone: () => void): Promise<Result<T>> {
  const result = await reply;
  if (!result.ok && result.code === 'offline') throw new Error(result.message);
  if (result.ok) onDone();
  return result;
}
