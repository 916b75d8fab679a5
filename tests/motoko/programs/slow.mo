import Error "mo:core/Error";

/// Keeps its callers waiting by calls to itself, until it is told to stop.
actor {
  var waiting = true;
  var rounds = 0;

  public func wait() : async () {
    while (waiting) {
      rounds += 1;
      ignore await (actor "aaaaa-aa" : actor { raw_rand : () -> async Blob }).raw_rand();
    };
  };

  public func release() : async () { waiting := false };

  public func refuse() : async () { throw Error.reject "busy" };

  public query func get() : async Nat { rounds };
};
