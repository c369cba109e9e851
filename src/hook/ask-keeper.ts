/** Asks the keeper that runs. None is started, and none is told to give way to this version. */
import net from 'node:net';
import { isTrustedEndpoint } from '../keeper/endpoint';
import { connectionOver, introduce } from '../keeper/handshake';
import { readKeeperFile } from '../keeper/keeper-file';
import type { GiveApi } from '../protocol/questions/give';
import { connect } from '../protocol/rpc';
import { protocolVersion } from '../protocol/version';

/** Undefined when no keeper of this version answers. One that hangs is waited for as long as the process lives. */
export async function askKeeper<T>(dataDir: string, ask: (keeper: GiveApi) => Promise<T>): Promise<T | undefined> {
  const known = await readKeeperFile(dataDir);
  if (known?.protocolVersion !== protocolVersion || !(await isTrustedEndpoint(known.endpoint))) return undefined;
  const socket = net.connect(known.endpoint);
  const connection = connectionOver(socket);
  const leave = () => {
    socket.destroy();
    connection.dispose();
  };
  socket.on('error', leave);
  socket.once('close', leave);
  try {
    connection.listen();
    if ((await introduce(connection, known.token, protocolVersion)) !== 'welcome') return undefined;
    return await ask(connect<GiveApi>(connection));
  } catch {
    return undefined;
  } finally {
    leave();
  }
}
