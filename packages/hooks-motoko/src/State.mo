import Map "mo:core/Map";
import Types "Types";

/// What must survive an upgrade. Only data, so that it is stable with both kinds of persistence.
module {
  /// State of the hooks of one canister. Treat the fields as private.
  public type State = {
    /// Events, newest numbers last; bounded.
    runs : Map.Map<Nat64, Types.Run>;
    /// What those of them still carry that wait or run.
    due : Map.Map<Nat64, Types.Notification>;
    /// Captured errors that can be sent again; bounded.
    errors : Map.Map<Nat64, Types.CapturedError>;
    var errorBytes : Nat;
    /// Errors that found no room.
    var droppedErrors : Nat;
    var nextNumber : Nat64;
    /// Who may call the hooks, besides the network and the canister itself.
    var monitors : [Principal];
    var lowCyclesArmed : Bool;
    var lowHeapMemoryArmed : Bool;
    var outputQueueArmed : Bool;
  };

  /// The state of a canister in which nothing has happened.
  ///
  /// Example:
  /// ```motoko
  /// persistent actor { let hooksState = State.empty() };
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func empty() : State {
    {
      runs = Map.empty<Nat64, Types.Run>();
      due = Map.empty<Nat64, Types.Notification>();
      errors = Map.empty<Nat64, Types.CapturedError>();
      var errorBytes = 0;
      var droppedErrors = 0;
      var nextNumber = 1;
      var monitors = [];
      var lowCyclesArmed = true;
      var lowHeapMemoryArmed = true;
      var outputQueueArmed = true;
    };
  };
};
