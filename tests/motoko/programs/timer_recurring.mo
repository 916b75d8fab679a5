import Timer "mo:core/Timer";

/// A timer that rings again and again until it cancels itself.
actor {
  var count = 0;
  var last = 3;
  transient var id = 0;

  public func start() : async () {
    id := Timer.recurringTimer<system>(
      #seconds 10,
      func() : async () {
        count += 1;
        if (count >= last) Timer.cancelTimer id;
      },
    );
  };

  public query func get() : async Nat { count };
};
