import type { KeyVariant } from '@keywright/crypto';
import type { As2805KeyVariant, KeyUsage } from '../api/control-plane.generated.ts';

interface VariantRules {
  readonly variant: KeyVariant;
  /** The one usage of keys under this variant. */
  readonly usage: KeyUsage;
}

/** The variants of a KEK (AS 2805.6.1), and the keys that each is for. */
export const AS2805_VARIANTS: Readonly<Record<As2805KeyVariant, VariantRules>> = {
  TERMINAL_MAJOR_KEY_VARIANT_00: { variant: '00', usage: 'TR31_K0_KEY_ENCRYPTION_KEY' },
  PIN_ENCRYPTION_KEY_VARIANT_28: { variant: '28', usage: 'TR31_P0_PIN_ENCRYPTION_KEY' },
  MESSAGE_AUTHENTICATION_KEY_VARIANT_24: { variant: '24', usage: 'TR31_M0_ISO_16609_MAC_KEY' },
  DATA_ENCRYPTION_KEY_VARIANT_22: { variant: '22', usage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY' },
};
