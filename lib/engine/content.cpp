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

/// Beside the validation in the first byte of a resource's value. Part of the stored format.
constexpr unsigned refers_flag = 0x80;

/// How a reference names its target. Part of the stored format.
enum class Form : std::uint8_t { id = 0, name = 1 };

/// A key without the referrer. Names have no zero byte, so none is the beginning of another.
std::string dangling_prefix(Kind target, const Reference& reference) {
    ByteWriter out(64);
    out.be(static_cast<std::uint8_t>(Section::dangling)).be(static_cast<std::uint8_t>(target));
    if (reference.id)
        return out.be(static_cast<std::uint8_t>(Form::id))
            .bytes(bytes_of(reference.id->value))
            .take();
    out.be(static_cast<std::uint8_t>(Form::name)).bytes(reference.name.value_or(""));
    return out.be(std::uint8_t{0}).take();
}

/// All keys that begin with `prefix` and go on with an id.
KeyRange with_ids(std::string prefix) {
    std::string end = prefix + std::string(17, '\xff');
    return {std::move(prefix), std::move(end)};
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
    const auto flags = static_cast<std::uint8_t>(validation) | (refers ? refers_flag : 0u);
    out.le(static_cast<std::uint8_t>(flags)).bytes(bytes_of(id.value));
    return out.bytes(bytes_of(digest)).le(size_bytes).take();
}

ResourceValue ResourceValue::decode(BytesView value) {
    ByteReader in(value);
    ResourceValue read;
    const auto flags = in.le<std::uint8_t>();
    read.refers = (flags & refers_flag) != 0;
    read.validation = static_cast<Validation>(flags & ~refers_flag);
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

std::string index_key(const ReferenceSite& site, std::optional<ResourceId> target,
                      ResourceId referrer) {
    return target ? reference_key(*target, referrer)
                  : dangling_key(site.target, site.reference, referrer);
}

std::string reference_key(ResourceId target, ResourceId referrer) {
    ByteWriter out(33);
    out.be(static_cast<std::uint8_t>(Section::references)).bytes(bytes_of(target.value));
    return out.bytes(bytes_of(referrer.value)).take();
}

std::string staged_key(const Digest& document) {
    ByteWriter out(33);
    return out.be(static_cast<std::uint8_t>(Section::staged)).bytes(bytes_of(document)).take();
}

std::string dangling_key(Kind target, const Reference& reference, ResourceId referrer) {
    return dangling_prefix(target, reference).append(bytes_of(referrer.value));
}

KeyRange references_to(ResourceId target) {
    ByteWriter out(33);
    out.be(static_cast<std::uint8_t>(Section::references)).bytes(bytes_of(target.value));
    return with_ids(out.take());
}

KeyRange dangling_to(Kind target, const Reference& reference) {
    return with_ids(dangling_prefix(target, reference));
}

ResourceId read_referrer(BytesView key) {
    if (key.size() < 17) fail(Errc::corrupt, "a stored key is no reference's; run verify");
    return {uuid_of(key.substr(key.size() - 16))};
}

}  // namespace verso::engine::content
