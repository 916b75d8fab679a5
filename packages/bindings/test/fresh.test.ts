import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adaptDeclarations, renderBindings } from '../generator/render.ts'
import { generatedFolder, listSources } from '../generator/sources.ts'

test.each(listSources())('the checked-in bindings of $name are what its .did gives now', async (source) => {
  const checkedIn = await readFile(join(generatedFolder, `${source.name}.ts`), 'utf8')
  expect(checkedIn === (await renderBindings(source)), 'stale: run `npm run bindings`').toBe(true)
})

test('every generated file says so in its first line and belongs to an interface', async () => {
  const names = (await readdir(generatedFolder)).sort()
  expect(names).toEqual(
    listSources()
      .map(({ name }) => `${name}.ts`)
      .sort(),
  )
  for (const name of names) expect((await readFile(join(generatedFolder, name), 'utf8')).split('\n')[0]).toContain('Generated')
})

test('Candid text with backquotes, backslashes and placeholders survives as it is', () => {
  const did = 'type A = text; // `quoted` \\ and ${more}\nservice : {}\n'
  const module = adaptDeclarations("import { IDL } from '@icp-sdk/core/candid';\n", did)
  const literal = module.slice(module.indexOf('did = ') + 'did = '.length)
  expect(new Function(`return ${literal}`)()).toBe(did)
})

test('output of a generator that looks different is refused rather than written', () => {
  expect(() => adaptDeclarations('export const idlFactory = 1', '')).toThrow('@icp-sdk/bindgen')
})
