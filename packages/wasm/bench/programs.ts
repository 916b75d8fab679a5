/** The programs that are measured, in WAT: each exports `run (n: i32) -> i32`. */
export const programs = {
  compute: `(module (func (export "run") (param $n i32) (result i32) (local $i i32) (local $h i32)
    (loop $l
      (local.set $h (i32.mul (i32.xor (local.get $h) (local.get $i)) (i32.const 16777619)))
      (local.set $h (i32.add (i32.rotl (local.get $h) (i32.const 5)) (i32.const 0x9e3779b9)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $h)))`,
  loadStore: `(module (memory 16) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $a i32)
    (loop $l
      (local.set $a (i32.and (i32.shl (local.get $i) (i32.const 2)) (i32.const 0xffffc)))
      (i32.store (local.get $a) (i32.add (i32.load (local.get $a)) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i32.load (i32.const 400))))`,
  prefixSum: `(module (memory 16) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $a i32)
    (loop $l
      (local.set $a (i32.and (i32.shl (local.get $i) (i32.const 2)) (i32.const 0xffff0)))
      (i32.store offset=4 (local.get $a) (i32.add (i32.load (local.get $a)) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i32.load (i32.const 400))))`,
  bubble: `(module (memory 1) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $a i32) (local $b i32)
    (loop $fill (i32.store (i32.shl (local.get $i) (i32.const 2)) (i32.rem_u (i32.mul (local.get $i) (i32.const 7919)) (i32.const 4001)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (loop $outer
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $a (i32.load (i32.shl (local.get $j) (i32.const 2))))
        (local.set $b (i32.load offset=4 (i32.shl (local.get $j) (i32.const 2))))
        (if (i32.gt_u (local.get $a) (local.get $b)) (then
          (i32.store (i32.shl (local.get $j) (i32.const 2)) (local.get $b))
          (i32.store offset=4 (i32.shl (local.get $j) (i32.const 2)) (local.get $a))))
        (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $i))))
      (br_if $outer (i32.gt_u (local.get $i) (i32.const 1))))
    (i32.load (i32.const 400))))`,
  fibonacci: `(module (func $fib (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1))) (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
    (func (export "run") (param $n i32) (result i32) (call $fib (local.get $n))))`,
} as const

export type ProgramName = keyof typeof programs
