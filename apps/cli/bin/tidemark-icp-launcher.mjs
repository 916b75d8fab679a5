#!/usr/bin/env node
// The network launcher of the icp command on the right Node. Plain JavaScript, because the host's own Node may be too old
// for the rest.
import { launcher } from '../../../tools/run/launcher.mjs'
import { report } from '../../../tools/run/step.mjs'

launcher(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
