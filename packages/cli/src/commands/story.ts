import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('story')
    .description('live the whole story: KEK, key, key block, terminal, proof, rotation')
    .addHelpText(
      'after',
      '\nIt starts a service of its own on a free port, with its data in a temporary directory.',
    )
    .action(async () => {
      const { tellStory } = await import('../story/story.ts');
      await tellStory((line) => process.stdout.write(`${line}\n`));
    });
}
