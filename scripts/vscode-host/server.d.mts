export interface HostProfile {
  config: string;
  userData: string;
  extensions: string;
}

export interface HostServer {
  url: string;
  port: number;
  log: string;
  pid: number;
  exited: Promise<number>;
  stop(): Promise<void>;
}

export declare const hostHome: string;
export declare const hostNode: string;
export declare const hostEntry: string;
export declare function installVsix(profile: HostProfile, vsix: string, env?: Record<string, string>): Promise<boolean>;
export declare function startServer(
  profile: HostProfile,
  options: { env: Record<string, string>; args?: string[]; port?: number; log: string },
): Promise<HostServer>;
