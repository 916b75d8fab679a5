export { runCommand } from './program.ts'
export type { Terminal } from './output/terminal.ts'
