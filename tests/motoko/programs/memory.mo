import VarArray "mo:core/VarArray";

/// A heap that grows, and garbage that is collected.
actor {
  var kept : [[var Nat]] = [];

  /// Keeps so many elements of eight bytes more.
  public func keep(elements : Nat) : async () {
    kept := [VarArray.repeat(7, elements), if (kept.size() > 0) kept[0] else [var]];
  };

  /// Makes garbage.
  public func waste(times : Nat, elements : Nat) : async Nat {
    var sum = 0;
    var i = 0;
    while (i < times) {
      sum += VarArray.repeat<Nat>(i, elements)[elements - 1 : Nat];
      i += 1;
    };
    sum;
  };

  public func tooMuch() : async () { kept := [VarArray.repeat(1, 10_000_000)] };

  public query func check() : async Nat { if (kept.size() == 0) 0 else kept[0].size() };
};
