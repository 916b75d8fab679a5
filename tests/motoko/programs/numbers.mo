import Nat "mo:core/Nat";
import Float "mo:core/Float";

/// Numbers without bounds, and floats.
actor {
  public func factorial(n : Nat) : async Nat {
    var product = 1;
    for (i in Nat.rangeInclusive(1, n)) product *= i;
    product;
  };

  public func digits(n : Nat) : async Nat { Nat.toText(2 ** n).size() };

  public func gcd(a : Nat, b : Nat) : async Nat {
    var x = a;
    var y = b;
    while (y > 0) { let r = x % y; x := y; y := r };
    x;
  };

  public func floats(x : Float) : async Text {
    debug_show (Float.sqrt x, x / 3.0, Float.toInt x, Float.isNaN(0.0 / 0.0), Float.sin x);
  };

  public func modPower(base : Nat, exponent : Nat, modulus : Nat) : async Nat {
    var result = 1;
    var b = base % modulus;
    var e = exponent;
    while (e > 0) {
      if (e % 2 == 1) result := result * b % modulus;
      b := b * b % modulus;
      e /= 2;
    };
    result;
  };
};
