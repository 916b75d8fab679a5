import { describe, expect, test } from 'vitest'
import { interfaceParts } from '../../src/deploy/interfaceParts.ts'

describe('an interface', () => {
  test.each<[string, string, string, string]>([
    ['without init arguments', 'service : { f : () -> () }', 'service : { f : () -> () }', '()'],
    ['with some', 'service : (opt nat, text) -> { f : () -> () }', 'service : { f : () -> () }', '(opt nat, text)'],
    ['with none in brackets', 'service : () -> { f : () -> () };\n', 'service : { f : () -> () };\n', '()'],
    ['with a name', 'service Greeter : (text) -> {}', 'service Greeter : {}', '(text)'],
    [
      'with functions and records among them',
      'service : (record { "a)" : func (nat) -> () }) -> T',
      'service : T',
      '(record { "a)" : func (nat) -> () })',
    ],
    [
      'with types before it, one of them named as the word',
      'type service_of = service { f : () -> () };\n// service : (nat) -> {}\nservice : (service_of) -> { g : (service_of) -> () }',
      'type service_of = service { f : () -> () };\n// service : (nat) -> {}\nservice : { g : (service_of) -> () }',
      '(service_of)',
    ],
    ['of types only', 'type A = nat;', 'type A = nat;', '()'],
    ['that is none', 'service : (', 'service : (', '()'],
  ])('%s', (_, did, service, initArguments) => {
    expect(interfaceParts(did)).toEqual({ service, initArguments })
  })
})
