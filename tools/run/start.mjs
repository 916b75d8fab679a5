// npm start: from a fresh clone to the running full stack.
import { report } from './step.mjs'
import { tidemark } from './tidemark.mjs'

tidemark(['start', '--full-stack', ...process.argv.slice(2)]).then((code) => (process.exitCode = code), report)
