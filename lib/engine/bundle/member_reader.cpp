#include "engine/bundle/member_reader.hpp"

#include "domain/failure.hpp"
#include "domain/hex.hpp"

#include <array>
#include <limits>

namespace verso::engine::bundle {

MemberReader::MemberReader(JsonView object) : object_(object) {
    if (!object.is_object())
        fail(Errc::bundle_invalid,
             "there is " + std::string(to_string(object.type())) + " where an object must stand");
}

void MemberReader::refuse(std::string_view name, const std::string& why) {
    fail(Errc::bundle_invalid, "its member \"" + std::string(name) + "\" " + why);
}

std::optional<JsonView> MemberReader::find(std::string_view name) {
    const auto found = object_.find(name);
    if (found) ++read_;
    return found;
}

JsonView MemberReader::any(std::string_view name) {
    const auto found = find(name);
    if (!found) refuse(name, "is missing");
    return *found;
}

JsonView MemberReader::typed(std::string_view name, JsonType type) {
    const JsonView value = any(name);
    if (value.type() != type)
        refuse(name, "is " + std::string(to_string(value.type())) + ", not " +
                         std::string(to_string(type)));
    return value;
}

std::string MemberReader::text(std::string_view name) {
    return typed(name, JsonType::string).string();
}

std::uint64_t MemberReader::number(std::string_view name) {
    const auto value = typed(name, JsonType::number).integer();
    if (!value || *value < 0) refuse(name, "is no whole number from 0 on");
    return static_cast<std::uint64_t>(*value);
}

std::uint32_t MemberReader::number32(std::string_view name) {
    const std::uint64_t value = number(name);
    if (value > std::numeric_limits<std::uint32_t>::max()) refuse(name, "is too large");
    return static_cast<std::uint32_t>(value);
}

bool MemberReader::flag(std::string_view name) { return typed(name, JsonType::boolean).is_true(); }

Uuid MemberReader::uuid(std::string_view name) {
    std::string scratch;
    return parse_plain_uuid(name, typed(name, JsonType::string).string(scratch));
}

Uuid MemberReader::uuid_not_nil(std::string_view name) {
    const Uuid uuid = this->uuid(name);
    if (uuid.is_nil()) refuse(name, "is the nil UUID");
    return uuid;
}

Uuid MemberReader::uuid_or_null(std::string_view name) {
    const auto value = object_.find(name);
    if (!value || !value->is_null()) return uuid_not_nil(name);
    ++read_;
    return {};
}

Timestamp MemberReader::time(std::string_view name) {
    // Publications of one moment are each a millisecond after the other.
    constexpr Timestamp latest = latest_timestamp + std::chrono::days{364};
    const auto time = parse_timestamp(text(name));
    if (!time || *time < Timestamp{} || *time > latest)
        refuse(name, "is no time from 1970 to 9998 as 2026-01-31T09:30:00.000Z");
    return *time;
}

Digest MemberReader::digest(std::string_view name) {
    std::string scratch;
    const auto digest = parse_digest(typed(name, JsonType::string).string(scratch));
    if (!digest) refuse(name, "is no digest of 64 hexadecimal digits");
    return *digest;
}

void MemberReader::finish() const {
    if (object_.members().size() != read_)
        fail(Errc::bundle_invalid, "it has members that this format does not know");
}

namespace {

/// Of every character, its value as a digit; -1 where it is none, in lower case.
constexpr auto digit_values = [] {
    std::array<std::int16_t, 256> values{};
    for (std::size_t c = 0; c < values.size(); ++c) {
        const auto character = static_cast<char>(c);
        const bool is_upper = character >= 'A' && character <= 'F';
        values[c] = static_cast<std::int16_t>(is_upper ? -1 : hex_value(character));
    }
    return values;
}();

}  // namespace

std::optional<Digest> parse_digest(std::string_view text) {
    Digest digest;
    if (text.size() != 2 * digest.bytes.size()) return std::nullopt;
    int all = 0;  // negative once any is
    const auto value = [&](std::size_t at) {
        const int digit = digit_values[static_cast<unsigned char>(text[at])];
        all |= digit;
        return digit;
    };
    for (std::size_t i = 0; i < digest.bytes.size(); ++i)
        digest.bytes[i] = static_cast<std::uint8_t>(value(2 * i) * 16 + value(2 * i + 1));
    if (all < 0) return std::nullopt;
    return digest;
}

Uuid parse_plain_uuid(std::string_view name, std::string_view text) {
    const auto uuid = parse_uuid(text);
    if (!uuid || format_uuid(*uuid) != text) MemberReader::refuse(name, "is no UUID in lower case");
    return *uuid;
}

}  // namespace verso::engine::bundle
