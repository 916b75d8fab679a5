import Error "mo:core/Error";

/// A thrown error keeps the state before it: unlike a trap, it is an answer.
actor {
  var count = 0;

  public func throwAfterChange() : async Nat {
    count += 1;
    throw Error.reject("thrown with count " # debug_show count);
  };

  public func throwAfterAwait() : async Nat {
    count += 10;
    await async { count += 100 };
    throw Error.reject "thrown late";
  };

  public query func throwInQuery() : async Nat { throw Error.reject "thrown in a query" };

  public query func get() : async Nat { count };
};
