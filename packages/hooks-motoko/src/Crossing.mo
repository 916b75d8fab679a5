/// Crossings of a threshold, each of which counts once, with hysteresis.
module {
  /// What a look at a value means: a crossing, a return that makes the next crossing count, or nothing new.
  public type Verdict = { #crossed; #rearmed; #unchanged };

  /// A balance against its threshold. It counts at or below the threshold, and again once it was seen above the
  /// threshold and a tenth of it, so that small refunds do not repeat the warning.
  ///
  /// Example:
  /// ```motoko
  /// assert Crossing.lowCycles({ armed = true; balance = 100; threshold = 100 }) == #crossed;
  /// assert Crossing.lowCycles({ armed = false; balance = 105; threshold = 100 }) == #unchanged;
  /// assert Crossing.lowCycles({ armed = false; balance = 111; threshold = 100 }) == #rearmed;
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func lowCycles({ armed : Bool; balance : Nat; threshold : Nat }) : Verdict {
    if (balance <= threshold) { if (armed) #crossed else #unchanged } else if (not armed and balance > threshold + threshold / 10) #rearmed else #unchanged;
  };

  /// A heap against its threshold, in bytes. It counts at or above the threshold, and again once it was seen below: a heap
  /// shrinks only when its code is replaced.
  ///
  /// Example:
  /// ```motoko
  /// assert Crossing.lowHeapMemory({ armed = true; heap = 10; threshold = 10 }) == #crossed;
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func lowHeapMemory({ armed : Bool; heap : Nat; threshold : Nat }) : Verdict {
    if (heap >= threshold) { if (armed) #crossed else #unchanged } else if (armed) #unchanged else #rearmed;
  };

  /// Calls under way against what the queue holds. It counts when it is full, and again once a tenth of it is free.
  ///
  /// Example:
  /// ```motoko
  /// assert Crossing.outputQueue({ armed = true; size = 500; capacity = 500 }) == #crossed;
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func outputQueue({ armed : Bool; size : Nat; capacity : Nat }) : Verdict {
    if (size >= capacity) { if (armed) #crossed else #unchanged } else if (not armed and size + capacity / 10 <= capacity and size < capacity) #rearmed else #unchanged;
  };
};
