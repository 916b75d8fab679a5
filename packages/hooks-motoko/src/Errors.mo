import Char "mo:core/Char";
import Error "mo:core/Error";
import Iter "mo:core/Iter";
import Text "mo:core/Text";
import Types "Types";

/// Errors as the error hook tells them.
module {
  /// Code, reject code and text of a caught error. Networks put the code in front of the text, as in
  /// `IC0503: Error from Canister …`; without one the code is empty.
  ///
  /// Example:
  /// ```motoko
  /// Errors.describe(Error.reject("no")) // { code = ""; reject_code = 4; message = "no"; backtrace = null }
  /// ```
  ///
  /// Runtime: O(size of the text)
  ///
  /// Space: O(size of the text)
  public func describe(error : Error.Error) : Types.HookError {
    let (code, message) = split(Error.message(error));
    { code; reject_code = rejectCode(Error.code(error)); message; backtrace = null };
  };

  /// The protocol's number of an error code; 0 where a call could not be made.
  ///
  /// Example:
  /// ```motoko
  /// assert Errors.rejectCode(#canister_error) == 5;
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func rejectCode(code : Error.ErrorCode) : Nat8 = switch (code) {
    case (#system_fatal) 1;
    case (#system_transient) 2;
    case (#destination_invalid) 3;
    case (#canister_reject) 4;
    case (#canister_error) 5;
    case (#system_unknown) 6;
    case (#future(_)) 6;
    case (#call_error(_)) 0;
  };

  func split(text : Text) : (Text, Text) {
    let chars = Text.toIter(text);
    let code = Text.fromIter(Iter.take(chars, 6));
    if (not isCode(code)) return ("", text);
    switch (Text.stripStart(text, #text(code # ": "))) {
      case (?rest) (code, rest);
      case null ("", text);
    };
  };

  func isCode(text : Text) : Bool {
    let ?digits = Text.stripStart(text, #text("IC")) else return false;
    digits.size() == 4 and Iter.all<Char>(Text.toIter(digits), func(c) { Char.isDigit(c) });
  };
};
