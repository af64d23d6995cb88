export { type Configuration, ConfigurationError, configurationFromEnvironment } from './configuration.ts';
export { MainKeyError } from './custody/main-key.ts';
export { type HandedShares, makeShares, type NewShares, newShares } from './custody/new-shares.ts';
export { openApiDocument } from './http/open-api.ts';
export { runMain } from './main.ts';
export { type RunningService, startService } from './service.ts';
