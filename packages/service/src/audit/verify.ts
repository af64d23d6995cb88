import type { KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type ChainReport, ChainVerifier, type Fault } from './chain-verifier.ts';
import { copiedCheckpoints, readLines, recordFiles } from './read-lines.ts';
import { type AuditRecord, CHAIN_NAME, parseLine } from './record.ts';

export interface VerifyOptions {
  /** Ed25519; a checkpoint must be signed by one of them. */
  readonly publicKeys: readonly KeyObject[];
  /** Checkpoints that were kept elsewhere. */
  readonly checkpoints?: readonly AuditRecord[];
  /** May the first segments of a directory's chains be elsewhere? */
  readonly archived?: boolean;
  /** Is told how many records were read, now and then. */
  readonly onProgress?: (records: number) => void;
}

export interface AuditReport {
  readonly chains: readonly ChainReport[];
  /** The first fault of each chain, and chains that are missing. */
  readonly faults: readonly Fault[];
  /** Changes that were begun and whose outcome is not on record. */
  readonly unfinished: readonly string[];
}

const PROGRESS = 50_000;

interface Link {
  readonly from: string;
  readonly chain: string;
  readonly seq: number;
  readonly previous: string;
}

/** What the start or the stop of a process saw of the other chains; not what came while the others were being read. */
function linksOf({ chain: from, event, at }: AuditRecord, before: string): Link[] {
  if (at >= before) return [];
  if (event?.eventName !== 'StartService' && event?.eventName !== 'StopService') return [];
  const { chains } = Object(event.serviceEventDetails);
  return Array.isArray(chains) ? chains.map((link) => ({ from, ...link })) : [];
}

class AuditVerifier {
  readonly verifiers = new Map<string, ChainVerifier>();
  readonly links: Link[] = [];
  readonly begun = new Map<string, string>();
  readonly #options: VerifyOptions;
  readonly #checkpoints: readonly AuditRecord[];
  readonly #partial: boolean;
  readonly #startedAt = new Date().toISOString();
  /** Lines that are no records, in files of no known chain. */
  readonly malformed: Fault[] = [];

  constructor(options: VerifyOptions, checkpoints: readonly AuditRecord[], partial: boolean) {
    this.#options = options;
    this.#checkpoints = checkpoints;
    this.#partial = partial;
    for (const { chain } of checkpoints) this.of(chain);
  }

  of(chain: string): ChainVerifier {
    const known = this.verifiers.get(chain);
    if (known) return known;
    const checkpoints = this.#checkpoints.filter((record) => record.chain === chain);
    const rules = { publicKeys: this.#options.publicKeys, checkpoints, partial: this.#partial };
    const made = new ChainVerifier(chain, rules);
    this.verifiers.set(chain, made);
    return made;
  }

  add(record: AuditRecord, bytes: Uint8Array): void {
    this.of(record.chain).add(record, bytes);
    this.links.push(...linksOf(record, this.#startedAt));
    const { attempt, event } = record;
    const id = (attempt ?? event)?.requestID ?? (attempt ?? event)?.eventID;
    if (attempt) this.begun.set(String(id), `${attempt.eventName} of ${record.at} (${id})`);
    else this.begun.delete(String(id));
  }

  addMalformed(chain: string | undefined, path: string): void {
    const message = 'its first line is no record';
    if (chain !== undefined) this.of(chain).addMalformed();
    else if (this.malformed.at(-1)?.chain !== path)
      this.malformed.push({ chain: path, seq: 1, kind: 'malformed', message });
  }

  /** Does each chain have what another saw of it? */
  *linkFaults(): Generator<Fault> {
    for (const { from, chain, seq, previous } of this.links) {
      const verifier = this.verifiers.get(chain);
      const found = verifier?.signed.get(seq);
      if (found === previous) continue;
      const message = `chain ${from} saw it signed up to record ${seq}, and it is not`;
      yield { chain, seq, kind: verifier ? 'cut off' : 'cut out', message };
    }
  }
}

/**
 * Verifies an audit: directories as the service writes them, whole, or files that were exported.
 *
 * @throws what the operating system says of a path
 */
export async function verifyAudit(paths: readonly string[], options: VerifyOptions): Promise<AuditReport> {
  const directories = paths.filter((path) => statSync(path).isDirectory());
  // Before the records: a running service may add both meanwhile.
  const checkpoints = [...directories.flatMap(copiedCheckpoints), ...(options.checkpoints ?? [])];
  const whole = directories.length === paths.length && !options.archived;
  const audit = new AuditVerifier(options, checkpoints, !whole);
  let count = 0;
  for (const path of paths.flatMap(recordFiles)) {
    const directory = basename(dirname(path));
    let current = CHAIN_NAME.test(directory) ? directory : undefined;
    for await (const { bytes, whole: complete } of readLines(path)) {
      const record = parseLine(bytes.toString('utf8'));
      if (record) audit.add(record, bytes);
      else if (complete) audit.addMalformed(current, path);
      current = record?.chain ?? current;
      count += 1;
      if (count % PROGRESS === 0) options.onProgress?.(count);
    }
  }
  const chains = [...audit.verifiers.values()].map((verifier) => verifier.report());
  const faults = [...audit.malformed, ...chains.flatMap(({ fault }) => fault ?? [])];
  const linkFaults = whole ? [...audit.linkFaults()] : [];
  const named = new Set(faults.map(({ chain }) => chain));
  return {
    chains,
    faults: [...faults, ...linkFaults.filter(({ chain }) => !named.has(chain) && named.add(chain))],
    unfinished: [...audit.begun.values()],
  };
}
