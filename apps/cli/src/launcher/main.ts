import { createProcessTerminal } from '../output/terminal.ts'
import { report } from '../output/report.ts'
import { launch } from './launch.ts'

/** Time for what was written to leave the process, when an interrupted build would keep it alive. */
const lingerMilliseconds = 500

const terminal = createProcessTerminal()
const orphaned = new Promise<void>((resolve) => process.once('disconnect', resolve))
try {
  await launch(process.argv.slice(2), { ...terminal, untilInterrupted: () => Promise.race([terminal.untilInterrupted(), orphaned]) })
} catch (error) {
  process.exitCode = report(error, terminal)
}
setTimeout(() => process.exit(), lingerMilliseconds).unref()
