import { keyNames } from '@/components/ui/key-names';

export const shellKeys = keyNames({
  queue: ['g q', 'Go to the queue'],
  sessions: ['g s', 'Go to the sessions'],
  all: ['?', 'All keys'],
});
