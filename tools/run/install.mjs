// Installs the project's packages when they are missing or older than the lock file.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'
import { runNpm } from './step.mjs'

const marker = join(root, 'node_modules', '.tidemark-install.json')

/**
 * @param {{ development: boolean }} options - `development` adds what only tests and checks need
 */
export async function ensureInstalled({ development }) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const known = [readMarker(), installedByHand(lock)].filter((each) => each !== undefined)
  if (known.some((each) => each.lock === lock && (each.development || !development))) return
  // What was there for development stays: the next test run would fetch it again.
  const whole = development || known.some((each) => each.development)
  const args = ['ci', '--ignore-scripts', '--prefer-offline']
  if (!whole) args.push('--omit=dev')
  await runNpm(args, root, 'Installing packages')
  writeFileSync(marker, JSON.stringify({ lock, development: whole }))
}

/** What a plain `npm install` or `npm ci` left: npm notes it after the lock file that it followed. */
function installedByHand(lock) {
  const note = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(note)) return undefined
  const isCurrent = statSync(note).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  return { lock: isCurrent ? lock : 'older', development: existsSync(join(root, 'node_modules', 'vitest')) }
}

function readMarker() {
  if (!existsSync(marker)) return undefined
  try {
    return JSON.parse(readFileSync(marker, 'utf8'))
  } catch {
    return undefined
  }
}
