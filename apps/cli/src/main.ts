import { createProcessTerminal } from './output/terminal.ts'
import { runCommand } from './program.ts'

/** Time for what was written to leave the process, when an interrupted build would keep it alive. */
const lingerMilliseconds = 500

// Whoever reads the output may stop reading, as `head` does: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runCommand(process.argv.slice(2), createProcessTerminal())
setTimeout(() => process.exit(), lingerMilliseconds).unref()
