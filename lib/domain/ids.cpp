#include <verso/domain/ids.hpp>

#include "domain/hex.hpp"

#include <utility>

namespace verso {

namespace {

constexpr std::size_t uuid_text_size = 36;

/// Whether a hyphen stands before the byte at this index.
constexpr bool hyphen_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

Error not_a_uuid(std::string_view text) {
    constexpr std::size_t shown = 64;
    std::string message = "'";
    message += text.substr(0, shown);
    message += text.size() > shown ? "...'" : "'";
    message +=
        " is no id: write the 36 characters of a UUID, as 0190a0b0-c0d0-7000-8000-000000000001";
    return {Errc::id_invalid, std::move(message), {}};
}

}  // namespace

std::string format_uuid(const Uuid& uuid) {
    std::string text;
    text.reserve(uuid_text_size);
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (hyphen_before(i)) text += '-';
        append_hex(text, uuid.data[i]);
    }
    return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != uuid_text_size) return not_a_uuid(text);
    Uuid uuid{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (hyphen_before(i) && text[at++] != '-') return not_a_uuid(text);
        const int high = hex_value(text[at++]);
        const int low = hex_value(text[at++]);
        if (high < 0 || low < 0) return not_a_uuid(text);
        uuid.data[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return uuid;
}

}  // namespace verso
