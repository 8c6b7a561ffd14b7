#include <verso/domain/digest.hpp>

#include <catch2/catch.hpp>

using namespace verso;

TEST_CASE("digest: is written as 64 digits in lower case", "[domain][digest]") {
    Digest digest;
    CHECK(to_string(digest) == std::string(64, '0'));
    digest.bytes[0] = 0xab;
    digest.bytes[31] = 0x0f;
    CHECK(to_string(digest) == "ab" + std::string(60, '0') + "0f");
}

TEST_CASE("digest: compares by its bytes", "[domain][digest]") {
    Digest a;
    Digest b;
    CHECK(a == b);
    b.bytes[31] = 1;
    CHECK(a < b);
}
