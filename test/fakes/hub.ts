/** Stands in for the hub of models on this machine, with all kinds of network faults. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Hub {
  /** The value of the setting. */
  url: string;
  /** Path and range of each request. */
  asked: { path: string; range: string | undefined }[];
  faults: HubFaults;
  close(): Promise<void>;
}

export interface HubFaults {
  /** Breaks the connection after this many bytes of each answer. */
  cutAfter?: number;
  /** Breaks it only when this is true: unread data is lost with the connection. */
  isTaken?: () => boolean;
  /** Stops sending after this many bytes. */
  stallAfter?: number;
  /** Bytes per second. */
  bytesPerSecond?: number;
  status?: number;
  /** Ignores ranges. */
  noRanges?: boolean;
  /** Answers 416 to any range. */
  refuseRanges?: boolean;
  /** Answers a range request with another range. */
  shiftRanges?: boolean;
  /** Redirects everything to this address. */
  redirectTo?: string;
  /** Changes the content. */
  change?: (content: Buffer) => Buffer;
}

/** @param files Content by path below `/<repository>/resolve/<revision>/`. */
export async function openHub(files: ReadonlyMap<string, Buffer>, faults: HubFaults = {}): Promise<Hub> {
  const asked: Hub['asked'] = [];
  const hub: Hub = { url: '', asked, faults, close: () => Promise.resolve() };
  const server = createServer((request, response) => void answer(hub, files, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hub.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return hub;
}

async function answer(
  { asked, faults }: Hub,
  files: ReadonlyMap<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '';
  asked.push({ path: url, range: request.headers.range });
  if (faults.redirectTo !== undefined && !url.startsWith('/moved'))
    return void response.writeHead(302, { location: `${faults.redirectTo}/moved${url}` }).end();
  if (faults.status !== undefined) return void response.writeHead(faults.status).end('no');
  const content = files.get(/\/resolve\/[^/]+\/(.*)$/.exec(url)?.[1] ?? '');
  if (!content) return void response.writeHead(404).end();
  const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
  if (offset >= 0 && (faults.refuseRanges || offset >= content.length)) return void response.writeHead(416).end();
  const sent = faults.change?.(content) ?? content;
  const isPart = offset >= 0 && !faults.noRanges;
  const begin = isPart ? offset + (faults.shiftRanges ? 1 : 0) : 0;
  response.writeHead(
    isPart ? 206 : 200,
    isPart
      ? { 'content-range': `bytes ${begin}-${sent.length - 1}/${sent.length}` }
      : { 'content-length': sent.length },
  );
  await pour(response, sent.subarray(begin), faults);
}

async function pour(
  response: ServerResponse,
  content: Buffer,
  { cutAfter = Infinity, isTaken = () => true, stallAfter = Infinity, bytesPerSecond = Infinity }: HubFaults,
): Promise<void> {
  const step = Math.min(Math.max(Math.floor(bytesPerSecond / 20), 1), 1 << 16);
  for (let at = 0; at < content.length;) {
    const end = Math.min(at + step, content.length, cutAfter, stallAfter);
    if (end > at) response.write(content.subarray(at, end));
    at = end;
    if (at >= cutAfter && at < content.length) {
      const cut = () => void (isTaken() ? response.destroy() : setTimeout(cut, 10));
      setTimeout(cut, 10);
      return;
    }
    if (at >= stallAfter) return;
    await new Promise((resolve) => setTimeout(resolve, bytesPerSecond === Infinity ? 0 : 50));
    if (response.destroyed) return;
  }
  response.end();
}
