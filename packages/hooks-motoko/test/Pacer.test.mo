import List "mo:core/List";
import Nat "mo:core/Nat";
import Pacer "mo:hooks/Pacer";
import Random "mo:core/Random";

actor {
  func together(pacer : Pacer.Pacer, calls : Nat, make : Nat -> async* ()) : async () {
    let started = List.empty<async ()>();
    for (number in Nat.range(0, calls)) List.add(started, (async { await* pacer.call(func() : async* () { await* make(number) }) }));
    for (each in List.values(started)) try { await each } catch (_) {};
  };

  public func never_more_than_the_capacity_are_under_way_and_all_get_their_turn() : async () {
    var most = 0;
    var full = 0;
    let pacer = Pacer.Pacer(3, func(size : Nat) { most := Nat.max(most, size); if (size == 3) full += 1 });
    let order = List.empty<Nat>();
    await together(pacer, 10, func(number : Nat) : async* () { List.add(order, number); ignore await Random.blob() });
    assert List.toArray(order) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert most == 3 and full > 0;
    assert pacer.size() == 0;
  };

  public func a_call_that_fails_or_traps_gives_its_place_back() : async () {
    let pacer = Pacer.Pacer(1, func(_ : Nat) {});
    await together(pacer, 4, func(number : Nat) : async* () { ignore await Random.blob(); assert number == 3 });
    assert pacer.size() == 0;
    await* pacer.call(func() : async* () {});
  };
};
