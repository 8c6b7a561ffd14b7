// What a version's tree holds, and under which keys. One tree has several sections, told apart by
// the first byte of the key, so that indexes are cloned, compared and shared with the rest:
//
//   resources  (kind, name) -> id, digest and size of the document; the locator says where it lies
//   ids        id           -> (kind, name)
//   references (target id, referrer id) -> nothing: who refers to a resource that is there
//   dangling   (target's kind and id or name, referrer id) -> nothing: who refers to none
//   staged     digest of a document -> as of a resource without an id: what an unfinished import
//              keeps, in trees of its own
//
// All of it is part of the stored format: see docs/format.md.
#pragma once

#include <verso/domain/digest.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>
#include <verso/domain/reference.hpp>

#include "domain/bytes.hpp"
#include "domain/resource_references.hpp"
#include "tree/tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verso::engine::content {

/// The first byte of a key.
enum class Section : std::uint8_t {
    resources = 1,
    ids = 2,
    references = 3,
    dangling = 4,
    staged = 5
};

[[nodiscard]] std::string resource_key(Kind kind, std::string_view name);
[[nodiscard]] std::string id_key(ResourceId id);

/// All keys of one kind of resource, or of a whole section.
struct KeyRange {
    std::string begin;
    std::string end;

    [[nodiscard]] tree::Range range() const { return {begin, end}; }
};
[[nodiscard]] KeyRange resources_of(Kind kind);
[[nodiscard]] KeyRange section(Section section);

/// The parts of a resource's key.
struct ResourceKey {
    Kind kind;
    std::string_view name;
};
[[nodiscard]] ResourceKey read_resource_key(BytesView key);

/// Whether a resource's document has been validated, and how it came out. What was found is not
/// stored: it follows from the content.
enum class Validation : std::uint8_t { none = 0, clean = 1, findings = 2 };

/// The value of an entry of the section `resources`.
struct ResourceValue {
    ResourceId id{};
    Digest digest;
    std::uint32_t size_bytes = 0;
    Validation validation = Validation::none;
    bool refers = false;  ///< Its document has references.

    /// The same document under the same id: what is said of it may differ.
    [[nodiscard]] bool is_same_resource(const ResourceValue& other) const noexcept {
        return id == other.id && digest == other.digest && size_bytes == other.size_bytes;
    }
    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static ResourceValue decode(BytesView value);
};

/// The value of an entry of the section `ids`.
[[nodiscard]] std::string id_value(Kind kind, std::string_view name);
[[nodiscard]] ResourceKey read_id_value(BytesView value);

/// The key under which a reference is indexed: by its target, or where there is none by what it
/// names.
[[nodiscard]] std::string index_key(const ReferenceSite& site, std::optional<ResourceId> target,
                                    ResourceId referrer);
[[nodiscard]] std::string reference_key(ResourceId target, ResourceId referrer);
[[nodiscard]] std::string dangling_key(Kind target, const Reference& reference,
                                       ResourceId referrer);
[[nodiscard]] KeyRange references_to(ResourceId target);
[[nodiscard]] KeyRange dangling_to(Kind target, const Reference& reference);
/// The key of a document that is kept for an import.
[[nodiscard]] std::string staged_key(const Digest& document);
/// The referrer in a key of either section.
[[nodiscard]] ResourceId read_referrer(BytesView key);

}  // namespace verso::engine::content
