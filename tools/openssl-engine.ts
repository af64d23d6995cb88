// For `npm run test:openssl`: every test process begins with OpenSSL's engine instead of the fast one.
import { selectCipherEngine } from '@keywright/crypto';

selectCipherEngine('openssl');
