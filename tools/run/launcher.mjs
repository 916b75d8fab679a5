// Runs the network launcher of the icp command from this checkout on the right Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { ensureRuntime, nodeFlags, root } from './runtime.mjs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * @param {string[]} args - what the icp command asks for
 * @returns {Promise<number>} its exit code
 */
export async function launcher(args) {
  const runtime = await ensureRuntime()
  await ensureInstalled({ development: false })
  const program = join(root, 'apps', 'cli', 'src', 'launcher', 'main.ts')
  return new Promise((resolve, reject) => {
    // The channel ends with this process however it ends, and the network with the channel.
    const child = spawn(runtime, [...nodeFlags, program, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    for (const signal of signals) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)))
  })
}
