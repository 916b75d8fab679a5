import Error "mo:core/Error";
import Errors "mo:hooks/Errors";

actor {
  public func a_reject_of_a_canister_has_no_code() : async () {
    assert Errors.describe(Error.reject("no")) == { code = ""; reject_code = 4; message = "no"; backtrace = null };
  };

  public func the_code_in_front_of_a_text_is_taken_off_it() : async () {
    assert Errors.describe(Error.reject("IC0503: trapped")) == { code = "IC0503"; reject_code = 4; message = "trapped"; backtrace = null };
  };

  public func what_only_looks_like_a_code_stays() : async () {
    for (text in ["IC05: x", "IC05a3: x", "IC0503 x", "ICE: x", ""].vals()) {
      assert Errors.describe(Error.reject(text)).message == text;
    };
  };

  public func a_trap_of_another_message_is_described() : async () {
    try { await async { assert false } } catch (error) {
      let { code; reject_code } = Errors.describe(error);
      assert code == "IC0503" and reject_code == 5;
      return;
    };
    assert false;
  };

  public func every_error_code_has_its_reject_code() : async () {
    assert Errors.rejectCode(#system_fatal) == 1;
    assert Errors.rejectCode(#system_transient) == 2;
    assert Errors.rejectCode(#destination_invalid) == 3;
    assert Errors.rejectCode(#canister_reject) == 4;
    assert Errors.rejectCode(#canister_error) == 5;
    assert Errors.rejectCode(#system_unknown) == 6;
    assert Errors.rejectCode(#call_error({ err_code = 2 })) == 0;
  };
};
