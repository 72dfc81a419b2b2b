import { keyNames } from '@/components/ui/key-names';

export const sessionsKeys = keyNames({
  next: ['j', 'Next session'],
  previous: ['k', 'Previous session'],
  pick: ['x', 'Select the session, to end several together'],
  none: ['Escape', 'Select none'],
  together: ['b', 'End the selected together'],
  search: ['/', 'Search the sessions'],
});

export const sessionKeys = keyNames({
  next: ['j', 'Next event or message of the list'],
  previous: ['k', 'Previous event or message of the list'],
  search: ['/', 'Search the events or messages'],
  time: ['t', 'Go to a time'],
  close: ['Escape', 'Close the details'],
});
