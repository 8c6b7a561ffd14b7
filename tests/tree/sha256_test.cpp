// Goal: the digest is that of the standard, however often and in whatever pieces it is asked for.

#include "tree/sha256.hpp"

#include <catch2/catch.hpp>

namespace verso::tree {

TEST_CASE("sha256: the examples of FIPS 180-4 give its digests", "[tree]") {
    CHECK(to_string(sha256({})) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(to_string(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_string(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(to_string(sha256(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: two pieces give the digest of their concatenation", "[tree]") {
    const std::string text = "a text of some length, cut at every place";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        CHECK(sha256(BytesView(text).substr(0, cut), BytesView(text).substr(cut)) == sha256(text));
}

TEST_CASE("sha256: what comes in pieces has the digest of the whole", "[tree]") {
    Sha256 first;
    Sha256 second = std::move(first);
    for (int round = 0; round < 2; ++round) {
        second.start();
        second.add("a");
        CHECK(sha256("x") != sha256("abc"));  // the thread's own is another
        second.add("bc");
        CHECK(second.finish() == sha256("abc"));
    }
    first = std::move(second);
    first.start();
    CHECK(first.finish() == sha256({}));
}

}  // namespace verso::tree
