import Error "mo:core/Error";
import InternetComputer "mo:core/InternetComputer";

/// Calls that give up after a time.
actor {
  var log = "";

  public func deadline() : async ?Nat { InternetComputer.replyDeadline() };

  public func ask(other : Text, seconds : Nat32) : async ?Nat {
    await (with timeout = seconds) (actor (other) : actor { deadline : () -> async ?Nat }).deadline();
  };

  public func askGuaranteed(other : Text) : async ?Nat { await (actor (other) : actor { deadline : () -> async ?Nat }).deadline() };

  public func own(seconds : Nat32) : async ?Nat { await (with timeout = seconds) deadline() };

  public func silent(other : Text, seconds : Nat32) : async Text {
    log #= "asked ";
    try {
      await (with timeout = seconds; cycles = 1_000) (actor (other) : actor { wait : () -> async () }).wait();
      log #= "answered ";
      "answered";
    } catch e {
      log #= "gave up ";
      (switch (Error.code e) { case (#system_unknown) "unknown: "; case _ "other: " }) # Error.message e;
    };
  };

  public query func get() : async Text { log };
};
