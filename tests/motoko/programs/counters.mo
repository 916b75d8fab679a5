import InternetComputer "mo:core/InternetComputer";

/// Measures its own instructions.
actor {
  func work(n : Nat) : Nat {
    var sum = 0;
    var i = 0;
    while (i < n) { sum += i; i += 1 };
    sum;
  };

  public func measure(n : Nat) : async Nat64 { InternetComputer.countInstructions(func() { ignore work n }) };

  public func across() : async (Nat64, Nat64) {
    ignore work 10_000;
    let before = InternetComputer.performanceCounter 0;
    await async {};
    (before, InternetComputer.performanceCounter 0);
  };
};
