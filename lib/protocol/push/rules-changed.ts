/** Another version of the rules is in force. */
export interface RulesChangedPush {
  readonly type: 'rules.changed';
  readonly version: number;
}
