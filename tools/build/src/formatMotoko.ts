// node tools/build/src/formatMotoko.ts [--check]: formats every Motoko file of the project, or says which are not.
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'prettier'
import * as motoko from 'prettier-plugin-motoko'

const check = process.argv.includes('--check')
const root = process.cwd()
const skipped = new Set(['node_modules', 'dist', '.tidemark', '.dfx', '.azle', '.mops', '.git', '.icp'])

let different = 0
for await (const path of glob('**/*.mo', { cwd: root, exclude: (name) => skipped.has(name.split(/[\\/]/).at(-1) ?? '') })) {
  const file = join(root, path)
  const text = await readFile(file, 'utf8')
  const formatted = await format(text, { filepath: file, plugins: [motoko], printWidth: 140, tabWidth: 2 })
  if (formatted === text) continue
  different += 1
  if (!check) await writeFile(file, formatted)
  process.stdout.write(`${path}${check ? ' is not formatted' : ' formatted'}\n`)
}

if (check && different > 0) {
  process.stderr.write(`${different} Motoko ${different === 1 ? 'file is' : 'files are'} not formatted: run \`npm run format\`.\n`)
  process.exitCode = 1
}
