/// Response certification: which response a path is certified for, and the headers that prove it. Version 2 certifies whole
/// responses, version 1 one body for each path.

import Array "mo:core/Array";
import Base64 "mo:core/Base64";
import Blob "mo:core/Blob";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Nat16 "mo:core/Nat16";
import Text "mo:core/Text";
import Cbor "Cbor";
import HashTree "HashTree";
import Leb128 "Leb128";
import PathTree "PathTree";
import Sha256 "Sha256";

module {
  public type Header = (Text, Text);

  /// A response as far as its certification goes; `bodyDigest` is of the whole body, however it is delivered.
  public type Response = { status : Nat16; headers : [Header]; bodyDigest : Blob };

  /// The certification expression of a response: no request part, exactly these headers.
  public func expression(headers : [Header]) : Text {
    let names = Array.map<Header, Text>(headers, func((name, _)) = "\"" # Text.toLower(name) # "\"");
    "default_certification(ValidationArgs{certification:Certification{no_request_certification:Empty{},"
    # "response_certification:ResponseCertification{certified_response_headers:ResponseHeaderList{headers:["
    # Text.join(names.vals(), ",") # "]}}}})";
  };

  /// The labels below a path that certify one response for it.
  public func labelsOf(response : Response) : [Blob] = [
    Sha256.digest(Text.encodeUtf8(expression(response.headers))),
    "",
    responseDigest(response),
  ];

  /// A path of texts as labels of the tree.
  public func labels(path : [Text]) : [Blob] = Array.map<Text, Blob>(path, Text.encodeUtf8);

  /// The two headers that let a client check `response`, which is certified at `path`. `absent` are the more
  /// specific paths whose absence a client asks for when `path` ends in a wildcard.
  /// Without a certificate (any update call) the answer is empty.
  public func headersFor(root : PathTree.Node, certificate : ?Blob, path : [Text], response : Response, absent : [[Text]]) : [Header] {
    let ?proof = certificate else return [];
    let tree = PathTree.tree(root);
    var witness = HashTree.witness(tree, Array.concat(labels(path), labelsOf(response)));
    for (missing in absent.vals()) witness := HashTree.merge(witness, HashTree.witness(tree, labels(missing)));
    let (name, value) = proofHeader(proof, witness);
    [
      (name, value # ", expr_path=:" # Base64.encode(Cbor.encodeTexts(path)) # ":, version=2"),
      ("IC-CertificateExpression", expression(response.headers)),
    ];
  };

  /// The header of version 1: the body's digest at `paths`, or that there is none.
  public func bodyHeader(root : PathTree.Node, certificate : ?Blob, paths : [[Text]]) : [Header] {
    let ?proof = certificate else return [];
    let tree = PathTree.tree(root);
    var witness = HashTree.prune(tree);
    for (path in paths.vals()) witness := HashTree.merge(witness, HashTree.witness(tree, labels(path)));
    [proofHeader(proof, witness)];
  };

  func proofHeader(certificate : Blob, witness : HashTree.Tree) : Header = (
    "IC-Certificate",
    "certificate=:" # Base64.encode(certificate) # ":, tree=:" # Base64.encode(Cbor.encodeTree(witness)) # ":",
  );

  func responseDigest(response : Response) : Blob {
    let fields = List.empty<Blob>();
    for ((name, value) in response.headers.vals()) List.add(fields, field(Text.toLower(name), Text.encodeUtf8(value)));
    List.add(fields, field("ic-certificateexpression", Text.encodeUtf8(expression(response.headers))));
    List.add(fields, field(":ic-cert-status", Leb128.encode(Nat16.toNat(response.status))));
    let sorted = Iter.toArray(List.values(List.sort(fields, Blob.compare)));
    Sha256.digestOf([Sha256.digestOf(sorted), response.bodyDigest]);
  };

  func field(name : Text, value : Blob) : Blob {
    let digests = [Sha256.digest(Text.encodeUtf8(name)), Sha256.digest(value)];
    Blob.fromArray(Array.flatMap<Blob, Nat8>(digests, func digest = digest.vals()));
  };
};
