import { keyNames } from '@/components/ui/key-names';

export const auditKeys = keyNames({
  next: ['j', 'Next entry'],
  previous: ['k', 'Previous entry'],
  enter: ['Enter', 'Into the open entry'],
  close: ['Escape', 'Close the entry'],
  search: ['/', 'Search'],
});

export const adminKeys = keyNames({
  newRule: ['n', 'New rule'],
  saveRules: ['s', 'Save the rules'],
  newServer: ['n', 'Add a server'],
  newAgent: ['n', 'New agent'],
  invite: ['n', 'Invite a person'],
  newTeam: ['n', 'New team'],
});
