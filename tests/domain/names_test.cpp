// The rules of names, at, below and above each bound.
#include <verso/domain/names.hpp>

#include "domain/utf8.hpp"

#include <catch2/catch.hpp>

using namespace verso;

namespace {

bool good(const std::string& name) {
    const auto checked = check_version_name(name);
    // Versions and connections differ in the reserved words only.
    CHECK(check_connection_name(name).has_value() == checked.has_value());
    if (!checked) {
        CHECK(checked.error().code == Errc::name_invalid);
        REQUIRE(checked.error().fields.size() == 1);
        CHECK(checked.error().fields[0].field == "name");
        CHECK(!checked.error().message.empty());
    }
    return checked.has_value();
}

std::string utf8(char32_t c) {
    std::string text;
    append_utf8(text, c);
    return text;
}

std::string surrounded(char before, char32_t c, char after) {
    std::string text(1, before);
    append_utf8(text, c);
    return text + after;
}

}  // namespace

TEST_CASE("names: any scheme of versions is good", "[domain][names]") {
    for (const char* const name :
         {"1", "1.0.0", "v2.1-beta+3", "2026.01", "Latest", "DEFAULT", "a b", "a/b?c#d", "...",
          ".a", "\xc3\xa9t\xc3\xa9", "\xf0\x9f\x9a\x80", "%2e", "'\"\\"}) {
        INFO(name);
        CHECK(good(name));
    }
}

TEST_CASE("names: one to 255 bytes", "[domain][names]") {
    CHECK(!good(""));
    CHECK(good("x"));
    CHECK(good(std::string(254, 'x')));
    CHECK(good(std::string(255, 'x')));
    CHECK(!good(std::string(256, 'x')));
    std::string letters;
    for (int i = 0; i < 127; ++i) letters += "\xc3\xa9";
    CHECK(good(letters + "x"));
    CHECK(!good(letters + "\xc3\xa9"));
}

TEST_CASE("names: dot and two dots are refused", "[domain][names]") {
    CHECK(!good("."));
    CHECK(!good(".."));
}

TEST_CASE("names: control characters are refused wherever they stand", "[domain][names]") {
    for (char32_t c = 0; c < 0x300; ++c) {
        const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        INFO(static_cast<unsigned>(c));
        REQUIRE(good(surrounded('a', c, 'b')) == !control);
    }
}

TEST_CASE("names: white space is refused at both ends and taken inside", "[domain][names]") {
    for (const char32_t c : std::initializer_list<char32_t>{
             0x20, 0xa0, 0x1680, 0x2000, 0x2005, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000}) {
        INFO(static_cast<unsigned>(c));
        CHECK(!good(utf8(c)));
        CHECK(!good(utf8(c) + "a"));
        CHECK(!good(std::string(1, 'a').append(utf8(c))));
        CHECK(good(surrounded('a', c, 'b')));
    }
    // Characters beside the property White_Space, of which some look like it.
    for (const char32_t c :
         std::initializer_list<char32_t>{0x200b, 0x180e, 0xfeff, 0x1fff, 0x2060, 0x2fff, 0x3001})
        CHECK(good(utf8(c)));
}

TEST_CASE("names: invalid UTF-8 is refused", "[domain][names]") {
    for (const char* const name :
         {"\x80", "a\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3"})
        CHECK(!good(name));
}

TEST_CASE("names: latest and default are reserved for versions exactly as written",
          "[domain][names]") {
    for (const char* const name : {"latest", "default"}) {
        CHECK(check_version_name(name).error().code == Errc::name_reserved);
        CHECK(check_version_name(name).error().fields.size() == 1);
        CHECK(check_connection_name(name).has_value());
    }
    CHECK(check_version_name("latest.").has_value());
}

TEST_CASE("names: resources take their kind's characters", "[domain][names]") {
    const auto takes = [](Kind kind, char c) {
        return check_resource_name(kind, std::string(1, c)).has_value();
    };
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool common = (byte < 128 && std::isalnum(byte) != 0) || c == '_' || c == '-';
        INFO(byte);
        for (const Kind kind : {Kind::action, Kind::trigger})
            REQUIRE(takes(kind, c) == (common || c == '$'));
        for (const Kind kind : {Kind::definition, Kind::parameter})
            REQUIRE(takes(kind, c) == common);
        for (const Kind kind : {Kind::response, Kind::document})
            REQUIRE(takes(kind, c) == (common || c == '.'));
    }
}

TEST_CASE("names: resources have one to 255 bytes and may be reserved words", "[domain][names]") {
    for (const Kind kind : all_kinds) {
        CHECK(check_resource_name(kind, "").error().code == Errc::name_invalid);
        CHECK(check_resource_name(kind, std::string(255, 'x')).has_value());
        CHECK(check_resource_name(kind, std::string(256, 'x')).error().code == Errc::name_invalid);
        CHECK(check_resource_name(kind, "latest").has_value());
    }
}
