/** A secret in a text. */
export interface Finding {
  kind: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}
