import Crossing "mo:hooks/Crossing";

actor {
  public func a_balance_counts_at_the_threshold_and_below() : async () {
    assert Crossing.lowCycles({ armed = true; balance = 101; threshold = 100 }) == #unchanged;
    assert Crossing.lowCycles({ armed = true; balance = 100; threshold = 100 }) == #crossed;
    assert Crossing.lowCycles({ armed = true; balance = 0; threshold = 100 }) == #crossed;
  };

  public func a_balance_counts_again_only_after_a_tenth_more_was_seen() : async () {
    assert Crossing.lowCycles({ armed = false; balance = 50; threshold = 100 }) == #unchanged;
    assert Crossing.lowCycles({ armed = false; balance = 110; threshold = 100 }) == #unchanged;
    assert Crossing.lowCycles({ armed = false; balance = 111; threshold = 100 }) == #rearmed;
  };

  public func a_heap_counts_at_the_threshold_and_above() : async () {
    assert Crossing.lowHeapMemory({ armed = true; heap = 9; threshold = 10 }) == #unchanged;
    assert Crossing.lowHeapMemory({ armed = true; heap = 10; threshold = 10 }) == #crossed;
    assert Crossing.lowHeapMemory({ armed = false; heap = 11; threshold = 10 }) == #unchanged;
    assert Crossing.lowHeapMemory({ armed = false; heap = 9; threshold = 10 }) == #rearmed;
  };

  public func a_queue_counts_when_full_and_again_when_a_tenth_is_free() : async () {
    assert Crossing.outputQueue({ armed = true; size = 9; capacity = 10 }) == #unchanged;
    assert Crossing.outputQueue({ armed = true; size = 10; capacity = 10 }) == #crossed;
    assert Crossing.outputQueue({ armed = false; size = 3; capacity = 3 }) == #unchanged;
    assert Crossing.outputQueue({ armed = false; size = 2; capacity = 3 }) == #rearmed;
    assert Crossing.outputQueue({ armed = false; size = 91; capacity = 100 }) == #unchanged;
    assert Crossing.outputQueue({ armed = false; size = 90; capacity = 100 }) == #rearmed;
  };
};
