// Puts all sources of the server into one file, so that the next start need not find and load several hundred.
// Runs on its own after a start from the sources: node bundle.mjs
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const source = join(root, 'packages', 'pocketic', 'src', 'main.ts')

/** Folder of everything that makes a start faster. It can be deleted at any time. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'tidemark-pocket-ic')
const noteFile = join(cacheFolder, 'bundle.json')

/**
 * The program to run: the one file, if it was made from the sources as they are, else the sources.
 *
 * @param {string} note - says which file that is, and what it was made from
 */
export function serverProgram(note = noteFile) {
  const known = readNote(note)
  const isCurrent = known !== undefined && known.inputs.every(([path, stamp]) => stampOf(join(root, path)) === stamp)
  return isCurrent ? { program: join(cacheFolder, known.bundle), isBundle: true } : { program: source, isBundle: false }
}

/** `undefined` while there is none. */
function readNote(note) {
  try {
    return JSON.parse(readFileSync(note, 'utf8'))
  } catch {
    return undefined
  }
}

/** Changes with the content of a file; `undefined` when it is gone. */
function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  return found && `${found.size} ${found.mtimeMs}`
}

async function bundle() {
  const { build } = await import('esbuild')
  const before = readNote(noteFile)
  const name = `server-${process.pid}-${Date.now()}.mjs`
  mkdirSync(cacheFolder, { recursive: true })
  const { metafile } = await build({
    entryPoints: [source],
    outfile: join(cacheFolder, name),
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'silent',
    // Packages of the older kind ask for built-in modules while they run.
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)` },
  })
  const inputs = Object.keys(metafile.inputs).map((path) => [path, stampOf(join(root, path))])
  // The note counts: whoever reads it finds a whole file.
  const partial = join(cacheFolder, `${name}.json`)
  writeFileSync(partial, JSON.stringify({ bundle: name, inputs }))
  renameSync(partial, noteFile)
  // A server that starts just now may still read the one before.
  const kept = [name, before?.bundle]
  for (const file of readdirSync(cacheFolder)) if (/^server-.*\.mjs$/.test(file) && !kept.includes(file)) rmSync(join(cacheFolder, file))
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Without it the next start takes as long as this one did, and nothing else.
  bundle().catch(() => (process.exitCode = 1))
}
