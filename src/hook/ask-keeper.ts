/** Asks the keeper that runs. None is started, and none is told to give way to this version. */
import net from 'node:net';
import { isTrustedEndpoint } from '../keeper/endpoint';
import { connectionOver, introduce } from '../keeper/handshake';
import { readKeeperFile } from '../keeper/keeper-file';
import type { GiveApi } from '../protocol/questions/give';
import { connect } from '../protocol/rpc';
import { protocolVersion } from '../protocol/version';

/**
 * The keeper, over a connection that lasts as long as the process. Undefined when none of this version answers; one that
 * hangs is waited for.
 */
export async function findKeeper(dataDir: string): Promise<GiveApi | undefined> {
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
    if ((await introduce(connection, known.token, protocolVersion, 'hook')) !== 'welcome') {
      leave();
      return undefined;
    }
    return connect<GiveApi>(connection);
  } catch {
    leave();
    return undefined;
  }
}
