;; The low-Wasm-memory hook example, written by hand so that it starts small enough for the published walkthrough:
;; wasm_memory_limit 5_000_000, wasm_memory_threshold 3_000_000. The hook is due once the memory is larger than
;; 2_000_000 bytes, that is from 31 pages of 64 KiB on (30 pages are 1_966_080 bytes, 31 are 2_031_616).
;;
;; Memory starts at 22 pages, of which the first 21 and a half are in use. Every heartbeat takes half a page more, so
;; every second heartbeat has to grow the memory by a page and the 18th brings it to 31:
;;
;;   heartbeat   0   2   4   6   8  10  12  14  16  18
;;   pages      22  23  24  25  26  27  28  29  30  31
;;
;; Layout of the memory:
;;        16  i32: how many entries the order has
;;        20  i32: 1 once the hook has run
;;        24  i32: first free byte of the heap
;;        64  Candid bytes before the reply's length (data segment)
;;        96  scratch: LEB128 of the reply's length
;;       112  scratch: first bytes of the argument
;;       128  texts (data segments)
;;    65_536  the order, a byte per entry: the index of its case in the Candid variant
;; 1_409_024  the heap: what the heartbeats take
(module
  (import "ic0" "msg_arg_data_size" (func $msg_arg_data_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $msg_arg_data_copy (param $to i32) (param $offset i32) (param $size i32)))
  (import "ic0" "msg_reply_data_append" (func $msg_reply_data_append (param $from i32) (param $size i32)))
  (import "ic0" "msg_reply" (func $msg_reply))
  (import "ic0" "trap" (func $trap (param $from i32) (param $size i32)))

  (memory (export "memory") 22)

  ;; "DIDL", then two types: 0 = vec 1, 1 = variant { Heartbeat; OnLowWasmMemory }; then one value, of type 0.
  ;; Cases are sorted by the hash of their name: Heartbeat 1_185_733_596, OnLowWasmMemory 2_769_444_410.
  (data (i32.const 64) "DIDL\02"
    "\6d\01"
    "\6b\02\dc\b7\b3\b5\04\7f\ba\bc\c9\a8\0a\7f"
    "\01\00")
  (global $reply_header i32 (i32.const 64))
  (global $reply_header_size i32 (i32.const 23))

  (data (i32.const 128) "out of memory: the heartbeat cannot grow the heap")
  (data (i32.const 192) "IDL error: the argument is not a Candid message")

  (data (i32.const 24) "\00\80\15\00") ;; 1_409_024
  (global $entries i32 (i32.const 65536))
  (global $half_page i32 (i32.const 32768))

  (global $heartbeat i32 (i32.const 0))
  (global $on_low_wasm_memory i32 (i32.const 1))

  (func $record (param $entry i32)
    (local $count i32)
    (local.set $count (i32.load (i32.const 16)))
    (i32.store8 (i32.add (global.get $entries) (local.get $count)) (local.get $entry))
    (i32.store (i32.const 16) (i32.add (local.get $count) (i32.const 1))))

  ;; Takes half a page and touches all of it. The order cannot run into the heap: 4 GiB of half pages are fewer
  ;; entries than fit between the two.
  (func $take_half_page
    (local $from i32) (local $end i32)
    (local.set $from (i32.load (i32.const 24)))
    (local.set $end (i32.add (local.get $from) (global.get $half_page)))
    (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
      (then
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
          (then (call $trap (i32.const 128) (i32.const 49)) (unreachable)))))
    (memory.fill (local.get $from) (i32.const 0x2a) (global.get $half_page))
    (i32.store (i32.const 24) (local.get $end)))

  (func (export "canister_heartbeat")
    (if (i32.load (i32.const 20)) (then (return)))
    (call $take_half_page)
    (call $record (global.get $heartbeat)))

  (func (export "canister_on_low_wasm_memory")
    (i32.store (i32.const 20) (i32.const 1))
    (call $record (global.get $on_low_wasm_memory)))

  ;; Candid lets a caller send more arguments than a method takes, so only the magic word is looked at.
  (func $check_argument
    (if (i32.ge_u (call $msg_arg_data_size) (i32.const 4))
      (then
        (call $msg_arg_data_copy (i32.const 112) (i32.const 0) (i32.const 4))
        (if (i32.eq (i32.load (i32.const 112)) (i32.const 0x4c444944)) (then (return)))))
    (call $trap (i32.const 192) (i32.const 47))
    (unreachable))

  ;; Writes $value as unsigned LEB128 to the scratch place; returns how many bytes it took.
  (func $write_leb128 (param $value i32) (result i32)
    (local $size i32)
    (loop $next
      (i32.store8
        (i32.add (i32.const 96) (local.get $size))
        (i32.or
          (i32.and (local.get $value) (i32.const 0x7f))
          (i32.shl (i32.gt_u (local.get $value) (i32.const 0x7f)) (i32.const 7))))
      (local.set $size (i32.add (local.get $size) (i32.const 1)))
      (local.set $value (i32.shr_u (local.get $value) (i32.const 7)))
      (br_if $next (local.get $value)))
    (local.get $size))

  (func (export "canister_query get_executed_functions_order")
    (local $count i32)
    (call $check_argument)
    (local.set $count (i32.load (i32.const 16)))
    (call $msg_reply_data_append (global.get $reply_header) (global.get $reply_header_size))
    (call $msg_reply_data_append (i32.const 96) (call $write_leb128 (local.get $count)))
    (call $msg_reply_data_append (global.get $entries) (local.get $count))
    (call $msg_reply)))
