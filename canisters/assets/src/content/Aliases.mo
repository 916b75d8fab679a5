/// Which asset a URL path stands for: the one of that key, or `x.html` and `x/index.html` for `x`.

import List "mo:core/List";
import Map "mo:core/Map";
import Text "mo:core/Text";
import Assets "Assets";
import Types "../Types";

module {
  public let fallbackKey : Types.Key = "/index.html";

  /// The asset that answers a URL path. Assets without content answer nothing.
  public func resolve(assets : Assets.Assets, path : Text) : ?(Types.Key, Assets.Asset) {
    switch (served(assets, path)) {
      case (?asset) return ?(path, asset);
      case null {};
    };
    for (key in candidates(path).vals()) {
      switch (served(assets, key)) {
        case (?asset) if (asset.isAliased != ?false) return ?(key, asset);
        case null {};
      };
    };
    null;
  };

  /// Every URL path that may stand for a key, the key itself first.
  public func pathsOf(key : Types.Key) : [Text] {
    let paths = List.singleton(key);
    switch (Text.stripEnd(key, #text ".html")) {
      case (?stem) if (not Text.endsWith(stem, #char '/')) List.add(paths, stem);
      case null {};
    };
    switch (Text.stripEnd(key, #text "/index.html")) {
      case (?folder) {
        List.add(paths, folder # "/");
        if (folder != "") List.add(paths, folder);
      };
      case null {};
    };
    List.toArray(paths);
  };

  func candidates(path : Text) : [Types.Key] {
    if (Text.endsWith(path, #char '/')) return [path # "index.html"];
    [path # ".html", path # "/index.html"];
  };

  func served(assets : Assets.Assets, key : Types.Key) : ?Assets.Asset = switch (Map.get(assets, Text.compare, key)) {
    case (?asset) if (Map.isEmpty(asset.encodings)) null else ?asset;
    case null null;
  };
};
