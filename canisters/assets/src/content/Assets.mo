/// The assets by key, and the changes that can be made to them.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Runtime "mo:core/Runtime";
import Sha256 "mo:certification/Sha256";
import Text "mo:core/Text";
import Time "mo:core/Time";
import Types "../Types";

module {
  /// One content of an asset, cut as it was uploaded. `sha256` and `length` are of the whole.
  public type Encoding = { chunks : [Blob]; sha256 : Blob; length : Nat; modified : Int };

  public type Asset = {
    contentType : Text;
    encodings : Map.Map<Text, Encoding>;
    var maxAge : ?Nat64;
    var headers : ?[Types.HeaderField];
    var isAliased : ?Bool;
    var allowRawAccess : ?Bool;
  };

  public type Assets = Map.Map<Types.Key, Asset>;

  /// The asset of a key. Traps when there is none.
  public func require(assets : Assets, key : Types.Key) : Asset = switch (Map.get(assets, Text.compare, key)) {
    case (?asset) asset;
    case null Runtime.trap("asset not found");
  };

  /// An encoding of an asset. Traps when there is none, or when `sha256` is given and is not its digest.
  public func requireEncoding(asset : Asset, name : Text, sha256 : ?Blob) : Encoding {
    let ?encoding = Map.get(asset.encodings, Text.compare, name) else Runtime.trap("no such encoding");
    switch sha256 {
      case (?expected) if (expected != encoding.sha256) Runtime.trap("sha256 mismatch");
      case null {};
    };
    encoding;
  };

  /// Creates an asset without content. Traps when there is one already.
  public func create(assets : Assets, args : Types.CreateAssetArguments) {
    if (Map.containsKey(assets, Text.compare, args.key)) Runtime.trap("asset already exists");
    Map.add<Types.Key, Asset>(
      assets,
      Text.compare,
      args.key,
      {
        contentType = args.content_type;
        encodings = Map.empty();
        var maxAge = args.max_age;
        var headers = args.headers;
        var isAliased = args.enable_aliasing;
        var allowRawAccess = args.allow_raw_access;
      },
    );
  };

  /// The asset of a key with this content type and these aliases, created where it is missing; the rest of it stays.
  public func typed(assets : Assets, key : Types.Key, contentType : Text, isAliased : ?Bool) : Asset {
    let old = Map.get(assets, Text.compare, key);
    let new : Asset = {
      contentType;
      encodings = switch old { case (?asset) asset.encodings; case null Map.empty() };
      var maxAge = switch old { case (?asset) asset.maxAge; case null null };
      var headers = switch old { case (?asset) asset.headers; case null null };
      var isAliased;
      var allowRawAccess = switch old { case (?asset) asset.allowRawAccess; case null null };
    };
    Map.add(assets, Text.compare, key, new);
    new;
  };

  /// Sets one encoding of an asset. Traps without content and when `sha256` is not the digest of it.
  public func setContent(asset : Asset, name : Text, chunks : [Blob], sha256 : ?Blob) {
    if (chunks.size() == 0) Runtime.trap("encoding must have at least one chunk or contain last_chunk");
    let digest = Sha256.digestOf(chunks);
    switch sha256 {
      case (?expected) {
        if (expected.size() != digest.size()) Runtime.trap("invalid SHA-256");
        if (expected != digest) Runtime.trap("sha256 mismatch");
      };
      case null {};
    };
    let length = Array.foldLeft<Blob, Nat>(chunks, 0, func(sum, chunk) = sum + chunk.size());
    Map.add(asset.encodings, Text.compare, name, { chunks; sha256 = digest; length; modified = Time.now() });
  };

  /// Changes the properties that are given; an inner `null` takes the value away.
  public func setProperties(asset : Asset, args : Types.SetAssetPropertiesArguments) {
    switch (args.max_age) { case (?value) asset.maxAge := value; case null {} };
    switch (args.headers) { case (?value) asset.headers := value; case null {} };
    switch (args.allow_raw_access) { case (?value) asset.allowRawAccess := value; case null {} };
    switch (args.is_aliased) { case (?value) asset.isAliased := value; case null {} };
  };

  public func properties(asset : Asset) : Types.AssetProperties = {
    max_age = asset.maxAge;
    headers = asset.headers;
    allow_raw_access = asset.allowRawAccess;
    is_aliased = asset.isAliased;
  };
};
