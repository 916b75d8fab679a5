// Installs the project's packages when they are missing or older than the lock file.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'
import { runNpm } from './step.mjs'

const marker = join(root, 'node_modules', '.tidemark-install.json')

/**
 * @param {{ development: boolean }} options - `development` adds what only tests and checks need
 */
export async function ensureInstalled({ development }) {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  const present = readMarker()
  if (present?.lock === lock && (present.development || !development)) return
  const args = ['ci', '--ignore-scripts', '--prefer-offline']
  if (!development) args.push('--omit=dev')
  await runNpm(args, root, 'Installing packages')
  writeFileSync(marker, JSON.stringify({ lock, development }))
}

function readMarker() {
  if (!existsSync(marker)) return undefined
  try {
    return JSON.parse(readFileSync(marker, 'utf8'))
  } catch {
    return undefined
  }
}
