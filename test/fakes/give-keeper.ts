/** A keeper that answers what hooks ask, over a real socket. */
import net from 'node:net';
import { makeEndpoint, removeEndpoint } from '../../src/keeper/endpoint';
import { welcome } from '../../src/keeper/handshake';
import { writeKeeperFile } from '../../src/keeper/keeper-file';
import { checkArguments } from '../../src/protocol/questions/check';
import { giveQuestions } from '../../src/protocol/questions/give';
import type { GiveApi } from '../../src/protocol/questions/give';
import { serve } from '../../src/protocol/rpc';
import { protocolVersion } from '../../src/protocol/version';

export interface GiveKeeper {
  /** Every call with its checked arguments. */
  asked: [name: string, ...args: unknown[]][];
  /** How many connections were made. */
  met: number;
  /** True when somebody told it to give way. */
  hasYielded: boolean;
  close(): Promise<void>;
}

type Names = keyof typeof giveQuestions;

export async function startGiveKeeper(
  dataDir: string,
  answers: { [Name in Names]?: (...args: never[]) => unknown } = {},
  version = protocolVersion,
): Promise<GiveKeeper> {
  const token = 'a token of this test';
  const endpoint = await makeEndpoint(`give-${process.pid}-${Math.random().toString(16).slice(2, 10)}`);
  const sockets = new Set<net.Socket>();
  const keeper: GiveKeeper = {
    asked: [],
    met: 0,
    hasYielded: false,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await removeEndpoint(endpoint);
    },
  };
  const method =
    (name: Names) =>
    async (...args: unknown[]) => {
      const checked = checkArguments(name, giveQuestions[name], args);
      keeper.asked.push([name, ...checked]);
      return answers[name]?.(...(checked as never[]));
    };
  const names = Object.keys(giveQuestions) as Names[];
  const api = Object.fromEntries(names.map((name) => [name, method(name)])) as unknown as GiveApi;
  const server = net.createServer((socket) => {
    keeper.met += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    welcome(socket, {
      token,
      protocolVersion: version,
      onTrusted: (connection) => serve<GiveApi>(connection, api, names),
      onYield: () => (keeper.hasYielded = true),
    });
  });
  await new Promise<void>((resolve) => server.listen(endpoint, resolve));
  await writeKeeperFile(dataDir, { endpoint, token, protocolVersion: version, pid: process.pid, host: 'here' });
  return keeper;
}
