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

/** Workspaces may each have a copy of the same version of a library: the first that is met stands for all. */
function oneCopy({ onResolve, resolve: resolveImport }) {
  const kept = new Map()
  onResolve({ filter: /^@noble\// }, async ({ path, kind, importer, resolveDir, pluginData }) => {
    if (pluginData === 'resolved') return undefined
    const found = await resolveImport(path, { kind, importer, resolveDir, pluginData: 'resolved' })
    const [, home, name] = /^(.*[\\/]node_modules[\\/]@noble[\\/][^\\/]+)(.*)$/.exec(found.path) ?? []
    if (home === undefined) return found
    const { name: library, version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    const key = `${library} ${version} ${name}`
    if (!kept.has(key)) kept.set(key, found.path)
    return { ...found, path: kept.get(key) }
  })
}

async function bundle() {
  const { build } = await import('esbuild')
  const before = readNote(noteFile)
  const name = `server-${process.pid}-${Date.now()}.cjs`
  mkdirSync(cacheFolder, { recursive: true })
  const { metafile } = await build({
    entryPoints: [source],
    outfile: join(cacheFolder, name),
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    platform: 'node',
    // Modules of the other kind load built-in ones with all their parts, also those that a server never touches.
    format: 'cjs',
    target: 'node24',
    logLevel: 'silent',
    plugins: [{ name: 'one copy', setup: oneCopy }],
  })
  const inputs = Object.keys(metafile.inputs).map((path) => [path, stampOf(join(root, path))])
  // The note counts: whoever reads it finds a whole file.
  const partial = join(cacheFolder, `${name}.json`)
  writeFileSync(partial, JSON.stringify({ bundle: name, inputs }))
  renameSync(partial, noteFile)
  // A server that starts just now may still read the one before.
  const kept = [name, before?.bundle]
  for (const file of readdirSync(cacheFolder)) if (/^server-.*\.[cm]js$/.test(file) && !kept.includes(file)) rmSync(join(cacheFolder, file))
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Without it the next start takes as long as this one did, and nothing else.
  bundle().catch(() => (process.exitCode = 1))
}
