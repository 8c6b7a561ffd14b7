// Ids as text.
#include <verso/domain/ids.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <unordered_set>

using namespace verso;

TEST_CASE("ids: what is formatted parses to the same id", "[domain][ids]") {
    std::mt19937_64 random(20260131);
    for (int i = 0; i < 1000; ++i) {
        Uuid uuid{};
        for (auto& byte : uuid.data) byte = static_cast<std::uint8_t>(random());
        const std::string text = format_uuid(uuid);
        REQUIRE(text.size() == 36);
        REQUIRE(parse_uuid(text).value() == uuid);
    }
}

TEST_CASE("ids: hyphens stand where RFC 9562 puts them", "[domain][ids]") {
    Uuid uuid{};
    for (std::uint8_t i = 0; i < 16; ++i) uuid.data[i] = static_cast<std::uint8_t>(i * 0x11);
    CHECK(format_uuid(uuid) == "00112233-4455-6677-8899-aabbccddeeff");
}

TEST_CASE("ids: upper case is read and lower case written", "[domain][ids]") {
    const auto id = parse_id<VersionId>("0190A0B0-C0D0-7000-8000-00000000ABCD").value();
    CHECK(to_string(id) == "0190a0b0-c0d0-7000-8000-00000000abcd");
}

TEST_CASE("ids: other forms of a UUID are refused", "[domain][ids]") {
    const char* const bad[] = {
        "",
        "0190a0b0c0d070008000000000000001",
        "{0190a0b0-c0d0-7000-8000-000000000001}",
        "0190a0b0-c0d0-7000-8000-00000000000",
        "0190a0b0-c0d0-7000-8000-0000000000011",
        "0190a0b0-c0d0-7000-8000-00000000000g",
        "0190a0b0_c0d0-7000-8000-000000000001",
        "0190a0b-0c0d0-7000-8000-000000000001",
        " 190a0b0-c0d0-7000-8000-000000000001",
    };
    for (const char* const text : bad) {
        INFO(text);
        const auto parsed = parse_uuid(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().code == Errc::id_invalid);
        CHECK(parsed.error().message.find("36 characters") != std::string::npos);
    }
}

TEST_CASE("ids: a long text is shortened in the message", "[domain][ids]") {
    CHECK(parse_uuid(std::string(100000, 'x')).error().message.size() < 300);
}

TEST_CASE("ids: compare and hash by value", "[domain][ids]") {
    const auto a = parse_id<ResourceId>("00000000-0000-7000-8000-000000000001").value();
    const auto b = parse_id<ResourceId>("00000000-0000-7000-8000-000000000002").value();
    CHECK(a < b);
    CHECK(b > a);
    CHECK(a == a);
    CHECK((a <=> a) == std::strong_ordering::equal);
    CHECK(ResourceId{}.is_nil());
    CHECK(!a.is_nil());
    CHECK(std::unordered_set<ResourceId>{a, b, a}.size() == 2);
}
