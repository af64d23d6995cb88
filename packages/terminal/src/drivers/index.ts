export { openSerialPort, type SerialOptions } from '../transports/serial.ts';
export { connectTcp, type TcpOptions } from '../transports/tcp.ts';
export { BridgeServer, type BridgeServerOptions } from './bridge/bridge-server.ts';
export { BridgeTerminal, type BridgeTerminalOptions } from './bridge/bridge-terminal.ts';
export { type L100Options, L100Terminal } from './l100/l100-terminal.ts';
export type { DriverOptions } from './line-terminal.ts';
export { type Pp791Options, Pp791Terminal } from './pp791/pp791-terminal.ts';
export type { InitialKeyCryptogram } from './qpos/commands.ts';
export { type QposOptions, QposTerminal } from './qpos/qpos-terminal.ts';
