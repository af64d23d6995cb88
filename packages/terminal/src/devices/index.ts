export { BridgeClient, type BridgeClientOptions } from './bridge-client.ts';
export { L100Device, type L100DeviceOptions } from './l100-device.ts';
export { type Keypad, Pp791Device, type Pp791DeviceOptions } from './pp791-device.ts';
export { QposDevice, type QposDeviceOptions } from './qpos-device.ts';
export { type QposSdk, QposSdkTerminal } from './qpos-sdk-terminal.ts';
