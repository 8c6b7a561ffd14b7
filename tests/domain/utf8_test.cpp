// UTF-8, read strictly.
#include "domain/utf8.hpp"

#include <catch2/catch.hpp>

using namespace verso;

TEST_CASE("utf8: every code point that is no surrogate is read as it was written",
          "[domain][utf8]") {
    for (char32_t c = 0; c <= 0x10ffff; ++c) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        std::string text;
        append_utf8(text, c);
        const CodePoint read = decode_utf8(text);
        if (read.value != c || read.bytes != text.size() || find_invalid_utf8(text))
            FAIL(static_cast<unsigned>(c));
    }
}

TEST_CASE("utf8: overlong forms and surrogates and what lies beyond are refused",
          "[domain][utf8]") {
    for (const std::string text :
         {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
          "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x9a",
          "\xc3\x28", "\xe2\x28\xa1"}) {
        CHECK(decode_utf8(text).bytes == 0);
        CHECK(find_invalid_utf8("0123456789" + text) == 10U);
    }
}

TEST_CASE("utf8: the first invalid byte is found behind any number of good ones",
          "[domain][utf8]") {
    for (std::size_t before = 0; before < 40; ++before) {
        const std::string good(before, 'x');
        CHECK(!find_invalid_utf8(good));
        CHECK(find_invalid_utf8(good + "\xff") == before);
        CHECK(find_invalid_utf8("\xc3\xa9" + good + "\xff" + good) == before + 2);
    }
}

TEST_CASE("utf8: what is long is shortened between code points", "[domain][utf8]") {
    CHECK(shortened("").empty());
    const std::string whole(255, 'x');
    CHECK(shortened(whole) == whole);
    CHECK(shortened(whole + "y") == whole + "...");
    const std::string wide = "\xf0\x9f\x8c\x8d";
    for (std::size_t into = 0; into < wide.size(); ++into) {
        const std::string before(255 - into, 'x');
        CHECK(shortened(before + wide + wide) == before + "...");
    }
    CHECK(shortened(std::string(251, 'x') + wide + wide) == std::string(251, 'x') + wide + "...");
}

TEST_CASE("utf8: invalid bytes are replaced for messages", "[domain][utf8]") {
    CHECK(to_valid_utf8("plain \xc3\xa9") == "plain \xc3\xa9");
    CHECK(to_valid_utf8("a\xff\xfe z\xc3") == "a\xef\xbf\xbd\xef\xbf\xbd z\xef\xbf\xbd");
}
