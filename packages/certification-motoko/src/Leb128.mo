/// Integers in groups of seven bits, the least significant first.

import Blob "mo:core/Blob";
import Int "mo:core/Int";
import List "mo:core/List";
import Nat8 "mo:core/Nat8";

module {
  /// Unsigned.
  public func encode(value : Nat) : Blob {
    let bytes = List.empty<Nat8>();
    var rest = value;
    while (rest >= 0x80) {
      List.add(bytes, Nat8.fromNat(rest % 0x80) | 0x80);
      rest /= 0x80;
    };
    List.add(bytes, Nat8.fromNat(rest));
    Blob.fromArray(List.toArray(bytes));
  };

  /// Signed: the last group's highest bit is the sign.
  public func encodeSigned(value : Int) : Blob {
    let bytes = List.empty<Nat8>();
    var rest = value;
    loop {
      let group = Nat8.fromNat(Int.abs(((rest % 0x80) + 0x80) % 0x80));
      rest := (rest - Nat8.toNat(group)) / 0x80;
      let isLast = (rest == 0 and group < 0x40) or (rest == -1 and group >= 0x40);
      if (isLast) {
        List.add(bytes, group);
        return Blob.fromArray(List.toArray(bytes));
      };
      List.add(bytes, group | 0x80);
    };
  };
};
