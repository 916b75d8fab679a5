import Nat8 "mo:core/Nat8";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";

/// Operations that trap on some operands.
actor {
  public query func subtract(a : Nat, b : Nat) : async Nat { a - b };

  public query func divide(a : Nat, b : Nat) : async Nat { a / b };

  public query func addBytes(a : Nat, b : Nat) : async Nat { Nat8.toNat(Nat8.fromNat(a) + Nat8.fromNat(b)) };

  public query func wrapBytes(a : Nat, b : Nat) : async Nat { Nat8.toNat(Nat8.fromNat(a) +% Nat8.fromNat(b)) };

  public query func multiplyWords(a : Nat, b : Nat) : async Nat { Nat64.toNat(Nat64.fromNat(a) * Nat64.fromNat(b)) };

  public query func narrow(a : Nat) : async Nat8 { Nat8.fromNat(a) };

  public query func power(a : Nat, b : Nat) : async Nat { a ** b };

  public query func shift(a : Nat64, b : Nat64) : async Nat64 { a << b };

  public query func element(index : Nat) : async Nat { [10, 20, 30][index] };

  public query func unwrap(value : ?Nat) : async Nat {
    let ?n = value else Runtime.trap "nothing there";
    n;
  };

  public query func refute(value : ?Nat) : async Nat {
    switch value { case (?n) n };
  };

  public query func unreachable() : async () { Runtime.unreachable() };

  public query func message() : async () { Runtime.trap "an explanation, with \"quotes\" and ünïcode" };
};
