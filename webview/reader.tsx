/** The session reader in the editor area. */
import './theme.css';
import './reader.css';
import { ReaderApp } from './pages/reader/reader';
import { start } from './start';

void start((host, context) => <ReaderApp host={host} context={context} />);
