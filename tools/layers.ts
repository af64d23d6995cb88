// Holds the architecture: which part may import which, who may touch ciphers and the environment, and that each
// package declares what it uses. Prints every breach; exit status 1 if there is one.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What every part of the terminal speaks in: reasons, policies, results and slots. */
const TERMINAL_WORDS = [
  'terminal/refusals.ts',
  'terminal/policy.ts',
  'terminal/results.ts',
  'terminal/profiles',
] as const;
const TERMINAL_INTERFACE = [
  ...TERMINAL_WORDS,
  'terminal/events.ts',
  'terminal/pos-terminal.ts',
  'terminal/refused.ts',
] as const;

/** The parts, and the parts that each may import besides itself. A part is a folder or file of the tree. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'crypto/bytes': [],
  'crypto/cipher': ['crypto/bytes'],
  'crypto/des-parity.ts': ['crypto/bytes'],
  'crypto/kcv.ts': ['crypto/bytes', 'crypto/cipher'],
  'crypto/components': ['crypto/bytes', 'crypto/cipher', 'crypto/kcv.ts', 'crypto/des-parity.ts'],
  'crypto/tr31': ['crypto/bytes', 'crypto/cipher', 'crypto/kcv.ts'],
  'crypto/certificate-validity.ts': [],
  'crypto/tr34': [
    'crypto/certificate-validity.ts',
    'crypto/bytes',
    'crypto/cipher',
    'crypto/des-parity.ts',
    'crypto/tr31',
  ],
  'crypto/dukpt': ['crypto/bytes', 'crypto/cipher'],
  'crypto/as2805': ['crypto/bytes', 'crypto/cipher', 'crypto/des-parity.ts'],
  'crypto/decimalize.ts': [],
  'crypto/emv': [
    'crypto/bytes',
    'crypto/cipher',
    'crypto/decimalize.ts',
    'crypto/des-parity.ts',
    'crypto/pin',
  ],
  'crypto/shares': ['crypto/bytes', 'crypto/cipher'],
  'crypto/pin': ['crypto/bytes', 'crypto/cipher', 'crypto/decimalize.ts'],
  'crypto/card': ['crypto/bytes', 'crypto/cipher', 'crypto/decimalize.ts'],
  'crypto/index.ts': ['crypto'],
  'service/api': [],
  'service/memo.ts': [],
  'service/private-file.ts': [],
  'service/file-lock.ts': [],
  'service/data-directory.ts': ['service/file-lock.ts'],
  'service/audit': [
    'service/api',
    'service/store',
    'service/custody',
    'service/memo.ts',
    'service/file-lock.ts',
  ],
  'service/store': ['service/api', 'service/memo.ts', 'service/private-file.ts'],
  'service/custody': [
    'service/api',
    'service/store',
    'service/memo.ts',
    'service/private-file.ts',
    'service/data-directory.ts',
  ],
  'service/backup': ['service/store', 'service/custody', 'service/private-file.ts', 'service/file-lock.ts'],
  'service/policy': ['service/api', 'service/store', 'service/custody'],
  'service/pki': ['service/api'],
  'service/access': [
    'service/api',
    'service/store',
    'service/custody',
    'service/policy',
    'service/memo.ts',
    'service/private-file.ts',
  ],
  'service/operations': [
    'service/memo.ts',
    'service/api',
    'service/audit',
    'service/pki',
    'service/store',
    'service/custody',
    'service/policy',
    'service/access',
  ],
  'service/ceremony': [
    'service/access',
    'service/api',
    'service/store',
    'service/policy',
    'service/operations',
  ],
  'service/rotation': ['service/api', 'service/store', 'service/policy', 'service/operations'],
  'service/fleet': [
    'service/api',
    'service/pki',
    'service/store',
    'service/custody',
    'service/policy',
    'service/operations',
  ],
  'service/dual-control': [
    'service/api',
    'service/store',
    'service/custody',
    'service/policy',
    'service/access',
    'service/operations',
  ],
  'service/own-api': [
    'service/ceremony',
    'service/rotation',
    'service/dual-control',
    'service/api',
    'service/store',
    'service/custody',
    'service/policy',
    'service/access',
    'service/operations',
    'service/fleet',
    'service/backup',
  ],
  'service/samples': ['service/api', 'service/pki', 'service/access', 'service/operations'],
  'service/http': [
    'service/memo.ts',
    'service/policy',
    'service/api',
    'service/audit',
    'service/store',
    'service/custody',
    'service/operations',
    'service/access',
    'service/samples',
    'service/dual-control',
    'service/own-api',
    'service/backup',
  ],
  'service/metrics': ['service/memo.ts', 'service/http'],
  'service/configuration.ts': ['service/http', 'service/metrics', 'service/policy', 'service/custody'],
  'service/jobs.ts': [
    'service/audit',
    'service/store',
    'service/http',
    'service/operations',
    'service/ceremony',
  ],
  'service/tampering.ts': ['service/audit', 'service/store', 'service/operations', 'service/jobs.ts'],
  'service/core.ts': ['service'],
  'service/service.ts': ['service'],
  'service/workers': ['service'],
  'service/main.ts': ['service'],
  'service/index.ts': ['service'],
  'terminal/refusals.ts': [],
  'terminal/remedies.ts': ['terminal/refusals.ts'],
  'terminal/policy.ts': [],
  'terminal/results.ts': ['terminal/refusals.ts', 'terminal/policy.ts', 'terminal/profiles'],
  'terminal/refused.ts': ['terminal/refusals.ts', 'terminal/remedies.ts', 'terminal/results.ts'],
  'terminal/events.ts': [...TERMINAL_WORDS],
  'terminal/pos-terminal.ts': [...TERMINAL_WORDS, 'terminal/events.ts'],
  'terminal/refusing-terminal.ts': [...TERMINAL_INTERFACE],
  'terminal/store': ['terminal/refusals.ts'],
  'terminal/profiles': [...TERMINAL_WORDS],
  'terminal/envelope': [...TERMINAL_WORDS],
  'terminal/software': [
    ...TERMINAL_INTERFACE,
    'terminal/envelope',
    'terminal/refusing-terminal.ts',
    'terminal/store',
  ],
  'terminal/transports': [],
  'terminal/drivers': [
    ...TERMINAL_INTERFACE,
    'terminal/refusing-terminal.ts',
    'terminal/software',
    'terminal/transports',
  ],
  'terminal/devices': [
    ...TERMINAL_INTERFACE,
    'terminal/refusing-terminal.ts',
    'terminal/software',
    'terminal/drivers',
  ],
  terminal: ['terminal'],
  cli: [],
};

/** What only the named places may contain. */
const ONLY_IN: readonly { what: RegExp; name: string; allowed: RegExp }[] = [
  {
    what: /\bcreate(?:Cipher|Decipher)iv\b/,
    name: 'a cipher',
    allowed: /crypto\/src\/cipher\/|custody\/sealing\.ts|terminal\/src\/store\/sealed-store\.ts/,
  },
  { what: /\bprocess\.env\b/, name: 'process.env', allowed: /service\/src\/main\.ts|cli\/(?:src|bin)\// },
  { what: /\bMath\.random\b/, name: 'Math.random', allowed: /^$/ },
];

const IMPORT = /(?:^|[;\n])\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'/g;

/** The part that a file belongs to: the longest name in the table that its path begins with. */
function partOf(path: string): string {
  const place = path.replace(/^packages\//, '').replace('/src/', '/');
  const parts = Object.keys(MAY_IMPORT).filter((part) => `${place}/`.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0] ?? place;
}

function declared(pack: string): Set<string> {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', pack, 'package.json'), 'utf8'));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
}

function checkImport(path: string, specifier: string): string | undefined {
  const [, pack] = path.split('/') as [string, string];
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    return declared(pack).has(name) ? undefined : `imports ${name}, which packages/${pack} does not declare`;
  }
  const target = normalize(join(dirname(path), specifier));
  const [from, to] = [partOf(path), partOf(target)];
  if (!target.startsWith(`packages/${pack}/`)) return `reaches into another package: ${specifier}`;
  const allowed = MAY_IMPORT[from] ?? [];
  return from === to || allowed.some((part) => part === to || part === pack)
    ? undefined
    : `${from} may not import ${to}`;
}

function checkFile(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map((match) => checkImport(path, (match[1] ?? match[2])!));
  const places = ONLY_IN.map(({ what, name, allowed }) =>
    what.test(text) && !allowed.test(path) ? `${name} has no place here` : undefined,
  );
  return [...imports, ...places]
    .filter((breach) => breach !== undefined)
    .map((breach) => `${path}: ${breach}`);
}

const files = globSync('packages/*/{src,bin}/**/*.{ts,js}', { cwd: root });
const breaches = files.flatMap(checkFile);
for (const breach of breaches) console.error(breach);
console.log(`layers: ${files.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length > 0 || files.length === 0 ? 1 : 0;
