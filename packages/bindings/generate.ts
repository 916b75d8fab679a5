// npm run bindings: writes src/generated from the .did files; with --check it only says which files are stale.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderBindings } from './generator/render.ts'
import { generatedFolder, listSources } from './generator/sources.ts'

const check = process.argv.includes('--check')
await mkdir(generatedFolder, { recursive: true })
for (const source of listSources()) {
  const path = join(generatedFolder, `${source.name}.ts`)
  const text = await renderBindings(source)
  const present = await readFile(path, 'utf8').catch(() => undefined)
  if (present === text) continue
  if (check) {
    process.stderr.write(`${path} is stale: run \`npm run bindings\`.\n`)
    process.exitCode = 1
    continue
  }
  await writeFile(path, text)
  process.stdout.write(`wrote ${path}\n`)
}
