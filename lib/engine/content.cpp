#include "engine/content.hpp"

#include "engine/records.hpp"

#include <algorithm>

namespace verso::engine::content {

namespace {

Kind kind_of(std::uint8_t number) {
    const auto kind = static_cast<Kind>(number);
    if (std::ranges::find(all_kinds, kind) == all_kinds.end())
        fail(Errc::corrupt, "a stored resource has kind " + std::to_string(number) +
                                ", which this library does not know; run verify");
    return kind;
}

}  // namespace

std::string resource_key(Kind kind, std::string_view name) {
    ByteWriter out(2 + name.size());
    out.be(static_cast<std::uint8_t>(Section::resources)).be(static_cast<std::uint8_t>(kind));
    return out.bytes(name).take();
}

std::string id_key(ResourceId id) {
    ByteWriter out(17);
    return out.be(static_cast<std::uint8_t>(Section::ids)).bytes(bytes_of(id.value)).take();
}

KeyRange resources_of(Kind kind) {
    const auto next = static_cast<Kind>(static_cast<std::uint8_t>(kind) + 1);
    return {resource_key(kind, {}), resource_key(next, {})};
}

KeyRange section(Section section) {
    const auto first = static_cast<char>(section);
    return {std::string(1, first), std::string(1, static_cast<char>(first + 1))};
}

ResourceKey read_resource_key(BytesView key) {
    ByteReader in(key);
    if (in.be<std::uint8_t>() != static_cast<std::uint8_t>(Section::resources))
        fail(Errc::corrupt, "a stored key is no resource's; run verify");
    const Kind kind = kind_of(in.be<std::uint8_t>());
    return {kind, in.rest()};
}

std::string ResourceValue::encode() const {
    ByteWriter out(53);
    out.le(static_cast<std::uint8_t>(validation)).bytes(bytes_of(id.value));
    return out.bytes(bytes_of(digest)).le(size_bytes).take();
}

ResourceValue ResourceValue::decode(BytesView value) {
    ByteReader in(value);
    ResourceValue read;
    read.validation = static_cast<Validation>(in.le<std::uint8_t>());
    read.id.value = uuid_of(in.bytes(16));
    read.digest = digest_of(in.bytes(32));
    read.size_bytes = in.le<std::uint32_t>();
    return read;
}

std::string id_value(Kind kind, std::string_view name) {
    ByteWriter out(1 + name.size());
    return out.be(static_cast<std::uint8_t>(kind)).bytes(name).take();
}

ResourceKey read_id_value(BytesView value) {
    ByteReader in(value);
    const Kind kind = kind_of(in.be<std::uint8_t>());
    return {kind, in.rest()};
}

}  // namespace verso::engine::content
