import VarArray "mo:core/VarArray";
import Nat32 "mo:core/Nat32";

/// Work that only computes: sorts pseudo-random numbers, counts primes, multiplies matrices.
actor {
  public func sort(n : Nat) : async Nat32 {
    var seed : Nat32 = 1;
    let values = VarArray.tabulate<Nat32>(n, func _ { seed := seed *% 1_664_525 +% 1_013_904_223; seed });
    VarArray.sortInPlace(values, Nat32.compare);
    values[n / 2];
  };

  public func primes(limit : Nat) : async Nat {
    let crossed = VarArray.repeat(false, limit + 1);
    var count = 0;
    var i = 2;
    while (i <= limit) {
      if (not crossed[i]) {
        count += 1;
        var j = i * i;
        while (j <= limit) { crossed[j] := true; j += i };
      };
      i += 1;
    };
    count;
  };

  public func fibonacci(n : Nat) : async Nat {
    func fib(n : Nat) : Nat { if (n < 2) n else fib(n - 1 : Nat) + fib(n - 2 : Nat) };
    fib n;
  };
};
