/// Where responses of version 2 are certified: `["http_expr", segments…, terminal]`.

import Array "mo:core/Array";
import List "mo:core/List";
import Url "Url";

module {
  /// Where a URL path is certified by itself.
  public func exact(path : Text) : [Text] = place(Url.segments(path), "<$>");

  /// Where the answer to every path without one of its own is certified.
  public func fallback() : [Text] = place([], wildcard);

  /// The paths a client wants to see absent before it accepts the fallback for `path`: the exact one, and every
  /// wildcard between the root and it, for files and for folders (whose paths end in an empty segment).
  public func moreSpecific(path : Text) : [[Text]] {
    let segments = Url.segments(path);
    let paths = List.singleton(exact(path));
    for (length in segments.keys()) {
      let parent = Array.sliceToArray(segments, 0, length);
      List.add(paths, place(Array.concat(parent, [""]), wildcard));
      List.add(paths, place(Array.concat(parent, [segments[length]]), wildcard));
    };
    List.toArray(paths);
  };

  let wildcard = "<*>";

  func place(segments : [Text], terminal : Text) : [Text] = Array.flatten([["http_expr"], segments, [terminal]]);
};
