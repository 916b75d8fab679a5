#!/usr/bin/env node
// The tidemark command. Plain JavaScript, because the host's own Node may be too old for the rest.
import { report } from '../../../tools/run/step.mjs'
import { tidemark } from '../../../tools/run/tidemark.mjs'

tidemark(process.argv.slice(2)).then((code) => (process.exitCode = code), report)
