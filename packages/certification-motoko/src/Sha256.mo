/// SHA-256 over blobs, whole or piece by piece; SHA-224 over whole ones.

import Prim "mo:⛔";
import VarArray "mo:core/VarArray";
import Blob "mo:core/Blob";

module {
  /// A running digest: bytes go in with `write`, the 32-byte digest comes out of `finish`.
  public type Hasher = {
    state : [var Nat32];
    schedule : [var Nat32];
    tail : [var Nat8];
    var tailLength : Nat;
    var length : Nat64;
  };

  // prettier-ignore
  let roundConstants : [Nat32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ];

  /// A hasher that has seen no bytes.
  public func new() : Hasher = from([var 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);

  /// SHA-224 of one blob: the same from another start, and four bytes shorter.
  public func digest224(bytes : Blob) : Blob {
    let hasher = from([var 0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4]);
    write(hasher, bytes);
    let whole = finish(hasher);
    Blob.fromArray(Prim.Array_tabulate<Nat8>(28, func i = whole[i]));
  };

  func from(state : [var Nat32]) : Hasher = {
    state;
    schedule = VarArray.repeat<Nat32>(0, 64);
    tail = VarArray.repeat<Nat8>(0, 64);
    var tailLength = 0;
    var length = 0;
  };

  /// Digest of one blob.
  public func digest(bytes : Blob) : Blob {
    let hasher = new();
    write(hasher, bytes);
    finish(hasher);
  };

  /// Digest of the concatenation of `parts`, without building it.
  public func digestOf(parts : [Blob]) : Blob {
    let hasher = new();
    for (part in parts.vals()) write(hasher, part);
    finish(hasher);
  };

  /// Appends bytes to the message.
  public func write(hasher : Hasher, bytes : Blob) {
    let size = bytes.size();
    hasher.length +%= Prim.natToNat64(size);
    var next = 0;
    // Full blocks are read straight from the blob; only the ends pass through the tail.
    if (hasher.tailLength > 0) {
      while (hasher.tailLength < 64 and next < size) {
        hasher.tail[hasher.tailLength] := bytes[next];
        hasher.tailLength += 1;
        next += 1;
      };
      if (hasher.tailLength < 64) return;
      compressTail(hasher);
    };
    while (next + 64 <= size) {
      loadBlock(hasher.schedule, bytes, next);
      compress(hasher.state, hasher.schedule);
      next += 64;
    };
    while (next < size) {
      hasher.tail[hasher.tailLength] := bytes[next];
      hasher.tailLength += 1;
      next += 1;
    };
  };

  /// The digest of everything written. The hasher must not be used afterwards.
  public func finish(hasher : Hasher) : Blob {
    let bits = hasher.length *% 8;
    pad(hasher, 0x80);
    while (hasher.tailLength != 56) pad(hasher, 0);
    var shift : Nat64 = 64;
    while (shift > 0) {
      shift -= 8;
      pad(hasher, byteOf(Prim.nat64ToNat32((bits >> shift) & 0xff)));
    };
    let state = hasher.state;
    Blob.fromArray(
      Prim.Array_tabulate<Nat8>(
        32,
        func i = byteOf((state[i / 4] >> Prim.natToNat32(24 - 8 * (i % 4))) & 0xff),
      )
    );
  };

  func pad(hasher : Hasher, byte : Nat8) {
    hasher.tail[hasher.tailLength] := byte;
    hasher.tailLength += 1;
    if (hasher.tailLength == 64) compressTail(hasher);
  };

  func compressTail(hasher : Hasher) {
    loadBlock(hasher.schedule, Blob.fromVarArray(hasher.tail), 0);
    compress(hasher.state, hasher.schedule);
    hasher.tailLength := 0;
  };

  func byteOf(value : Nat32) : Nat8 = Prim.nat16ToNat8(Prim.nat32ToNat16(value));

  func loadBlock(schedule : [var Nat32], bytes : Blob, offset : Nat) {
    var index = 0;
    var at = offset;
    while (index < 16) {
      let first = Prim.nat16ToNat32(Prim.nat8ToNat16(bytes[at]));
      let second = Prim.nat16ToNat32(Prim.nat8ToNat16(bytes[at + 1]));
      let third = Prim.nat16ToNat32(Prim.nat8ToNat16(bytes[at + 2]));
      let fourth = Prim.nat16ToNat32(Prim.nat8ToNat16(bytes[at + 3]));
      schedule[index] := (first << 24) | (second << 16) | (third << 8) | fourth;
      index += 1;
      at += 4;
    };
  };

  func compress(state : [var Nat32], schedule : [var Nat32]) {
    var index = 16;
    while (index < 64) {
      let early = schedule[index - 15];
      let late = schedule[index - 2];
      let earlyMix = (early <>> 7) ^ (early <>> 18) ^ (early >> 3);
      let lateMix = (late <>> 17) ^ (late <>> 19) ^ (late >> 10);
      schedule[index] := schedule[index - 16] +% schedule[index - 7] +% earlyMix +% lateMix;
      index += 1;
    };
    var a = state[0];
    var b = state[1];
    var c = state[2];
    var d = state[3];
    var e = state[4];
    var f = state[5];
    var g = state[6];
    var h = state[7];
    index := 0;
    while (index < 64) {
      let mixed = h +% roundConstants[index] +% schedule[index] +% ((e <>> 6) ^ (e <>> 11) ^ (e <>> 25)) +% ((e & f) ^ ((^e) & g));
      let majority = ((a <>> 2) ^ (a <>> 13) ^ (a <>> 22)) +% ((a & b) ^ (a & c) ^ (b & c));
      h := g;
      g := f;
      f := e;
      e := d +% mixed;
      d := c;
      c := b;
      b := a;
      a := mixed +% majority;
      index += 1;
    };
    state[0] +%= a;
    state[1] +%= b;
    state[2] +%= c;
    state[3] +%= d;
    state[4] +%= e;
    state[5] +%= f;
    state[6] +%= g;
    state[7] +%= h;
  };
};
