import Array "mo:core/Array";
import Blob "mo:core/Blob";
import DeadLetters "mo:hooks/DeadLetters";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import State "mo:hooks/State";
import Types "mo:hooks/Types";

actor Self {
  transient let error : Types.HookError = { code = ""; reject_code = 5; message = "m"; backtrace = null };
  var deposits = 0;
  var isBroken = true;

  func call(methodName : Text, args : Blob) : Types.FailedCall = { methodName; args; error };

  /// Not a test: what a captured call is sent to.
  public func deposit(amount : Nat) : async Nat {
    assert not isBroken;
    deposits += amount;
    deposits;
  };

  public func a_captured_call_is_made_again_until_it_replies_and_then_no_more() : async () {
    let state = State.empty();
    let self = Principal.fromActor(Self);
    DeadLetters.keep(state, 1, call("deposit", to_candid (5)));
    isBroken := true;
    let ?#rejected(_) = await* DeadLetters.redrive(state, self, 1) else { assert false; return };
    isBroken := false;
    let before = deposits;
    let ?#replied(reply) = await* DeadLetters.redrive(state, self, 1) else { assert false; return };
    assert (from_candid (reply) : ?Nat) == ?(before + 5);
    assert (await* DeadLetters.redrive(state, self, 1)) == ?#replied(reply);
    assert deposits == before + 5;
    assert DeadLetters.list(state)[0].attempts == 2;
    assert (await* DeadLetters.redrive(state, self, 2)) == null;
  };

  public func the_oldest_make_room_for_more_errors() : async () {
    let state = State.empty();
    for (number in Nat.range(1, DeadLetters.limits.errors + 4)) DeadLetters.keep(state, Nat64.fromNat(number), call("a", "x"));
    assert Map.size(state.errors) == DeadLetters.limits.errors;
    assert DeadLetters.list(state)[0].number == 4;
    assert state.droppedErrors == 3;
    assert state.errorBytes == DeadLetters.limits.errors;
  };

  public func the_oldest_make_room_for_large_arguments() : async () {
    let state = State.empty();
    let half = Blob.fromArray(Array.repeat<Nat8>(0, DeadLetters.limits.bytes / 2));
    for (number in Nat.range(1, 4)) DeadLetters.keep(state, Nat64.fromNat(number), call("a", half));
    assert Map.size(state.errors) == 2;
    assert state.errorBytes == DeadLetters.limits.bytes;
    DeadLetters.remove(state, 2);
    assert state.errorBytes == DeadLetters.limits.bytes / 2;
  };
};
