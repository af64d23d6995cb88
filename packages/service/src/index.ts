export { type Configuration, ConfigurationError, configurationFromEnvironment } from './configuration.ts';
export { runMain } from './main.ts';
export { type RunningService, startService } from './service.ts';
