#!/usr/bin/env node
// The PocketIC server on the right Node. Plain JavaScript, because the host's own Node may be too old for the rest.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureRuntime, nodeFlags, root } from '../../../tools/run/runtime.mjs'
import { report } from '../../../tools/run/step.mjs'
import { cacheFolder, serverProgram } from './bundle.mjs'

const parentCheckMillis = 500
/** The first requests come before that. */
const bundleDelayMillis = 1000

async function main() {
  const runtime = await ensureRuntime()
  if (!existsSync(join(root, 'node_modules', '@tidemark'))) {
    const { ensureInstalled } = await import('../../../tools/run/install.mjs')
    await ensureInstalled({ development: false })
  }
  const { program, isBundle } = serverProgram()
  // Sources that were compiled once need not be the next time: half of the start goes into that.
  const cache = process.env.NODE_COMPILE_CACHE ?? cacheFolder
  // The channel ends with this process however it ends, and the server with the channel.
  const server = spawn(runtime, [...nodeFlags, program, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
  const watch = setInterval(() => {
    if (!isParentGone()) return
    clearInterval(watch)
    if (server.connected) server.send('orphaned')
  }, parentCheckMillis)
  if (!isBundle) setTimeout(() => bundleForNextStart(runtime), bundleDelayMillis).unref()
  server.on('error', report)
  server.on('close', (code, signal) => {
    clearInterval(watch)
    process.exitCode = code ?? (signal === null ? 1 : 0)
    process.exit()
  })
}

/** In a process of its own, which outlives this one and says nothing. */
function bundleForNextStart(runtime) {
  spawn(runtime, [fileURLToPath(new URL('bundle.mjs', import.meta.url))], { stdio: 'ignore', detached: true }).unref()
}

const parent = process.ppid

function isParentGone() {
  if (process.ppid !== parent) return true
  try {
    process.kill(parent, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

main().catch(report)
