/** Whether answers can be saved right now. */
export interface StorageChangedPush {
  readonly type: 'storage.changed';
  readonly ok: boolean;
}
