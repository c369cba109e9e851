/** The Memory view in the side bar. */
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import 'uplot/dist/uPlot.min.css';
import './theme.css';
import './view.css';
import './insights.css';
import './learnings.css';
import { App } from './app';
import { start } from './start';

void start((host, context) => <App host={host} context={context} />);
