import { describe, expect, test } from 'vitest'
import { translateFlags } from '../src/motoko/flags.ts'
import { importsOf, parseLocalPackages, readMotokoSources } from '../src/motoko/sources.ts'
import { makeProject } from './project.ts'

test.each([
  ['import A "a";', ['a']],
  ['import { b; c = d } "../b";\nimport E = "e"', ['../b', 'e']],
  ['import {\n  one;\n  two;\n} "many";', ['many']],
  ['// import A "a";\n/* import B "b"; */ import C "c"; // import D "d"', ['c']],
  ['let x = "import A \\"a\\"";', []],
])('imports of %j', (text, expected) => {
  expect(importsOf(text)).toEqual(expected)
})

test('a program is read with everything it reaches, in folders and packages alike, cycles included', async () => {
  const root = await makeProject({
    'app/main.mo':
      'import A "a"; import Dir "dir"; import P "mo:lib/P"; import Core "mo:core/List"; import Self "main"; import Gone "gone";',
    'app/a.mo': 'import B "../shared/b";',
    'app/dir/lib.mo': '',
    'app/unused.mo': '',
    'shared/b.mo': 'import A "../app/a";',
    'lib/src/P.mo': 'import Q "Q";',
    'lib/src/Q.mo': '',
  })
  const sources = await readMotokoSources(root, 'app/main.mo', [{ name: 'lib', folder: 'lib/src' }])
  expect([...sources.keys()]).toEqual(['app/a.mo', 'app/dir/lib.mo', 'app/main.mo', 'lib/src/P.mo', 'lib/src/Q.mo', 'shared/b.mo'])
})

describe('packages of mops.toml', () => {
  test.each([
    [
      'in folders of the project',
      '[dependencies]\ncore = "2.5.0"\nhooks = "./packages/hooks"\n',
      [{ name: 'hooks', folder: 'packages/hooks/src' }],
    ],
    ['only those of its dependencies', '[dependencies]\na = "../a"\n\n[toolchain]\nmoc = "./moc"\n', [{ name: 'a', folder: '../a/src' }]],
    ['none without the section', '[package]\nname = "x"\n', []],
  ])('%s', (_, text, expected) => {
    expect(parseLocalPackages(text)).toEqual(expected)
  })
})

test('flags of the native compiler are translated or left out', () => {
  expect(translateFlags(['--release', '-W=M0236', '--legacy-persistence', '--copying-gc', '--default-persistent-actors'])).toEqual({
    extraFlags: ['-W=M0236', '--default-persistent-actors'],
    gcFlags: ['classicOP', 'copying'],
  })
})
