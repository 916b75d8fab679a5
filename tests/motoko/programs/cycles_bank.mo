import Cycles "mo:core/Cycles";
import Error "mo:core/Error";

/// Takes some of the cycles that come with a call.
actor {
  public func take(limit : Nat) : async Nat { Cycles.accept<system>(limit) };

  public func offered() : async Nat { Cycles.available() };

  public func takeTwice() : async (Nat, Nat, Nat) {
    let first = Cycles.accept<system> 100;
    let second = Cycles.accept<system> 1_000_000;
    (first, second, Cycles.available());
  };

  public func takeAndTrap() : async () {
    ignore Cycles.accept<system> 1_000;
    assert false;
  };

  public func takeAndThrow() : async () {
    ignore Cycles.accept<system> 1_000;
    throw Error.reject "kept your cycles";
  };

  public func takeAfterAwait() : async Nat {
    await async {};
    Cycles.accept<system> 1_000_000;
  };

  public query func balance() : async Nat { Cycles.balance() };
};
