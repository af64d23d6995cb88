import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('openapi')
    .description("print the OpenAPI 3.1 document of the service's own interface")
    .addHelpText(
      'after',
      '\nA running service has it at /keywright/v1/openapi.json.\n\nExample:\n  $ keywright openapi > keywright.openapi.json',
    )
    .action(async () => {
      const { openApiDocument } = await import('@keywright/service');
      console.log(JSON.stringify(openApiDocument(), undefined, 2));
    });
}
