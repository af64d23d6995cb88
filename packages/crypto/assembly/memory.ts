// Where things are in the module's memory. Constants come first, then what is exchanged with TypeScript, then the expanded
// keys, one to a slot, for as many slots as the memory has.

/** Constants of AES, computed by `aes-tables.ts` at start. */
export const AES_TABLES: usize = 0;
/** Constants of DES, computed by `des-tables.ts` at start. */
export const DES_TABLES: usize = 1024;

/** A key of at most 32 bytes, on its way in or out. Whoever reads it here wipes it. */
export const KEY: usize = 4096;
/** A chaining value: IV or counter on the way in, MAC or the next chaining value on the way out. */
export const CHAIN: usize = 4160;
/** Room of DES key scheduling, which wipes it. */
export const SCHEDULE: usize = 4224;
/** Room for keys between two derivations; whoever writes here wipes it. */
export const DERIVED: usize = 4352;
/** Where the compiler puts its own constants; the build is told so. */
export const COMPILER: usize = 6144;
/** Data in and out, in place: any key block (9999 bytes), with a block's length behind it. */
export const DATA: usize = 8192;
export const DATA_LENGTH: usize = 10240 - 16;
/** The first slot. */
export const SLOTS: usize = 18432;
export const SLOT_LENGTH: usize = 528;

// Inside of a slot. AES: both schedules, 15 round keys of 16 bytes each. TDES: 48 round keys of 8 bytes in the order of
// encryption; decryption reads them backwards.
export const ENCRYPTION: usize = 0;
export const DECRYPTION: usize = 240;
export const SUBKEY_1: usize = 480;
export const SUBKEY_2: usize = 496;
/** Rounds of AES; 0 for TDES. */
export const ROUNDS: usize = 512;
/** What has been computed already, of what is computed when it is needed. */
export const READY: usize = 516;
export const DECRYPTION_READY: u32 = 1;
export const SUBKEYS_READY: u32 = 2;
