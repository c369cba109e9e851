export interface Sbom {
  metadata: { component: Record<string, unknown> & { 'bom-ref': string } };
  components: { 'bom-ref': string; name: string; version: string; purl: string; hashes?: unknown[] }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

export function keepShipped(
  sbom: Sbom,
  shipped: readonly { name: string; version: string }[],
): { missing: string[]; sbom: Sbom };
export function writeSbom(): Promise<string[]>;
