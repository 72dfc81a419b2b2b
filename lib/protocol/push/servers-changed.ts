/** Something about servers or their tools is not as it was: who looks at them reads anew. */
export interface ServersChangedPush {
  readonly type: 'servers.changed';
}
