import { keyNames } from '@/components/ui/key-names';

export const queueKeys = keyNames({
  next: ['j', 'Next request'],
  previous: ['k', 'Previous request'],
  enter: ['Enter', 'Into the open request'],
  search: ['/', 'Search'],
  pick: ['x', 'Select the open request, to answer several together'],
  pickAlike: ['l', 'Select all that are like the open one'],
  together: ['b', 'Answer the selected together'],
  none: ['Escape', 'Select none'],
  fresh: ['.', 'Show the new ones'],
  save: ['s', 'Save this view'],
});
