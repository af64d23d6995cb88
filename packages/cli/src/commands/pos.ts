import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TerminalAddress } from '../pos/connect.ts';
import type { SendKeyOptions } from '../pos/send-key.ts';

const INFO_HELP = `
Examples:
  $ keywright pos info --driver pp791 --port /dev/ttyUSB0
  $ keywright pos info --driver qpos --tcp 10.0.0.7:4001 --json`;

const SEND_KEY_HELP = `
Exit status 0: the terminal took the key; 1: it did not, and why and what to do is said.

Examples:
  $ keywright pos send-key --driver pp791 --tcp 10.0.0.7:4001 --slot 1 < block.txt
  $ keywright pos send-key --driver l100 --port COM3 --slot PIN-DUKPT --expected-kcv AF8C07 < block.txt`;

const DRIVERS = ['pp791', 'l100', 'qpos'] as const;

interface AddressOptions {
  driver: TerminalAddress['driver'];
  port?: string;
  tcp?: { host: string; port: number };
  baud: number;
}

function hostAndPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9A-Fa-f:]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) throw new InvalidArgumentError('It must be HOST:PORT.');
  return { host: match[1] ?? match[2]!, port };
}

function wholeNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function addressOf({ driver, port, tcp, baud }: AddressOptions, command: Command): TerminalAddress {
  if ((port === undefined) === (tcp === undefined)) command.error('error: give one of --port and --tcp');
  return tcp === undefined ? { driver, serial: { path: port!, baudRate: baud } } : { driver, tcp };
}

/** A command that talks to one terminal. */
function terminalCommand(pos: Command, name: string, description: string): Command {
  return pos
    .command(name)
    .description(description)
    .addOption(
      new Option('--driver <driver>', 'the protocol it speaks').choices(DRIVERS).makeOptionMandatory(),
    )
    .option('--port <path>', 'the serial port it is at')
    .option(
      '--tcp <host:port>',
      'the address it, or a terminal server in front of it, listens at',
      hostAndPort,
    )
    .option('--baud <rate>', 'bits a second of the serial port', wholeNumber, 9600)
    .option('--json', 'answer one JSON object');
}

async function info({ json = false, ...options }: AddressOptions & { json?: boolean }, command: Command) {
  const { showInfo } = await import('../pos/show-info.ts');
  await showInfo(addressOf(options, command), json);
}

async function sendKey(options: AddressOptions & SendKeyOptions, command: Command): Promise<void> {
  const { sendKeyBlock } = await import('../pos/send-key.ts');
  await sendKeyBlock(addressOf(options, command), options);
}

export function register(program: Command): void {
  const pos = program.command('pos').description('talk to one payment terminal at a serial port or over TCP');
  terminalCommand(pos, 'info', 'what the terminal tells of itself and its keys')
    .addHelpText('after', INFO_HELP)
    .action(info);
  terminalCommand(pos, 'send-key', 'load the key block that standard input brings')
    .option('--slot <slot>', 'where it goes (default: what its key usage and --index say)')
    .option('--index <index>', 'which of the slots for its key usage', wholeNumber)
    .option('--ksn <ksn>', 'KSN of an initial key, where the block has none')
    .option('--expected-kcv <kcv>', 'check value that the key must have')
    .addHelpText('after', SEND_KEY_HELP)
    .action(sendKey);
}
