/// Recursion as deep as an argument asks.
actor {
  var calls = 0;

  func depth(n : Nat) : Nat { if (n == 0) 0 else 1 + depth(n - 1 : Nat) };

  public func nest(n : Nat) : async Nat {
    calls += 1;
    depth n;
  };

  func isEven(n : Nat) : Bool { if (n == 0) true else isOdd(n - 1 : Nat) };
  func isOdd(n : Nat) : Bool { if (n == 0) false else isEven(n - 1 : Nat) };

  public query func even(n : Nat) : async Bool { isEven n };

  public query func tail(n : Nat) : async Nat {
    func go(n : Nat, sum : Nat) : Nat { if (n == 0) sum else go(n - 1 : Nat, sum + n) };
    go(n, 0);
  };

  public query func count() : async Nat { calls };
};
