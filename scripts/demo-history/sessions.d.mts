import type { SessionWriter } from './write-session.mjs';

export declare function makeDemoSessions(now: number): SessionWriter[];
