import Array "mo:core/Array";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Notification "mo:hooks/Notification";
import Principal "mo:core/Principal";
import Runs "mo:hooks/Runs";
import State "mo:hooks/State";
import Types "mo:hooks/Types";

actor {
  transient let error : Types.HookError = { code = "IC0503"; reject_code = 5; message = "m"; backtrace = null };
  transient let all : [Types.Notification] = [
    #LowWasmMemory,
    #PostInit,
    #Error({ methodName = "a"; args = ""; error }),
    #LowCycles(1),
    #LowHeapMemory(2),
    #OutputQueueFull,
    #Unfreeze,
  ];

  public func what_is_due_runs_in_the_documented_order() : async () {
    let state = State.empty();
    for (event in Array.reverse(all).vals()) ignore Runs.raise(state, event, null);
    for (expected in all.vals()) {
      let ?(number, event) = Runs.next(state) else { assert false; return };
      assert event == expected;
      Runs.begin(state, number);
      Runs.end(state, number, #ran);
    };
    assert Runs.next(state) == null;
  };

  public func the_older_of_two_errors_runs_first() : async () {
    let state = State.empty();
    let first = Runs.raise(state, #Error({ methodName = "a"; args = ""; error }), null);
    ignore Runs.raise(state, #Error({ methodName = "b"; args = ""; error }), null);
    let ?(number, _) = Runs.next(state) else { assert false; return };
    assert number == first;
    assert Runs.waiting(state, "canister_on_error") == 2;
  };

  public func what_runs_is_not_due_again_and_ends_when_the_code_is_replaced() : async () {
    let state = State.empty();
    let number = Runs.raise(state, #Unfreeze, null);
    Runs.begin(state, number);
    assert Runs.next(state) == null;
    Runs.interrupt(state);
    assert Runs.outcome(state, number) == ?#skipped("the code was replaced while it ran");
  };

  public func what_waits_survives_when_the_code_is_replaced() : async () {
    let state = State.empty();
    let number = Runs.raise(state, #Unfreeze, null);
    Runs.interrupt(state);
    assert Runs.outcome(state, number) == ?#pending;
  };

  public func skipping_takes_one_kind_only() : async () {
    let state = State.empty();
    let gone = Runs.raise(state, #PostInit, null);
    let stays = Runs.raise(state, #Unfreeze, null);
    Runs.skip(state, "canister_post_init", "why");
    assert Runs.outcome(state, gone) == ?#skipped("why");
    assert Runs.outcome(state, stays) == ?#pending;
  };

  public func a_delivery_is_known_by_its_sender_and_number() : async () {
    let state = State.empty();
    let sender = Principal.fromText("aaaaa-aa");
    let number = Runs.raise(state, #Unfreeze, ?{ sender; number = 7 });
    let ?run = Runs.delivered(state, { sender; number = 7 }) else { assert false; return };
    assert run.number == number;
    assert Runs.delivered(state, { sender; number = 8 }) == null;
    assert Runs.delivered(state, { sender = Principal.anonymous(); number = 7 }) == null;
  };

  public func the_oldest_ended_runs_are_forgotten_and_no_waiting_one() : async () {
    let state = State.empty();
    let waiting = Runs.raise(state, #Unfreeze, null);
    for (_ in Nat.range(0, Runs.kept + 50)) Runs.end(state, Runs.raise(state, #OutputQueueFull, null), #ran);
    assert Map.size(state.runs) <= Runs.kept + 1;
    assert Runs.outcome(state, waiting) == ?#pending;
    assert Runs.list(state)[1].number > 50;
  };

  public func every_event_has_a_name_of_its_own_and_arguments() : async () {
    for (event in all.vals()) assert Array.filter<Types.Notification>(all, func(other) { Notification.name(other) == Notification.name(event) }).size() == 1;
    assert (from_candid (Notification.arguments(#LowCycles(5))) : ?Nat) == ?5;
    assert (from_candid (Notification.arguments(all[2])) : ?(Text, Blob, Types.HookError)) == ?("a", "", error);
    assert Notification.arguments(#Unfreeze) == "DIDL\00\00";
  };
};
