import type { Amount } from './options';

export interface RunOrder {
  readonly amount: Amount;
  /** Only the load of this name; null for all. */
  readonly load: string | null;
  /** This bundle: started again as the benched MCP server and as the bare client. */
  readonly benchFile: string;
  readonly serverFile: string;
  /** An empty folder on a disk, for Holdpoint's data. */
  readonly folder: string;
  readonly print: (line: string) => void;
  /** What must be ended when the run is over, however it is. */
  readonly onEnd: (stop: () => Promise<void>) => void;
}
