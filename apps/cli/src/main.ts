import { createProcessTerminal } from './output/terminal.ts'
import { runCommand } from './program.ts'

process.exitCode = await runCommand(process.argv.slice(2), createProcessTerminal())
