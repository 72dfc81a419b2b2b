/** Where mail is handed in, as configured. */
export interface MailEntry {
  readonly host: string;
  readonly port: number;
  /** From the first byte; by STARTTLS or not at all; by STARTTLS where the server offers it. */
  readonly tls: 'always' | 'start' | 'offered';
  readonly auth: { readonly user: string; readonly password: string } | null;
  readonly from: { readonly name: string; readonly address: string };
  /** Certificates to trust in place of the system's; null for those. */
  readonly ca: string | null;
}
