import Timer "mo:core/Timer";

/// Timers that ring once, in the order of their times.
actor {
  var rung = "";

  public func set(seconds : Nat, word : Text) : async Nat {
    Timer.setTimer<system>(#seconds seconds, func() : async () { rung #= word # " " });
  };

  public func cancel(id : Nat) : async () { Timer.cancelTimer id };

  public func setTrapping() : async Nat {
    Timer.setTimer<system>(#seconds 1, func() : async () { rung #= "lost"; assert false });
  };

  public query func get() : async Text { rung };
};
