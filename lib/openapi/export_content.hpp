// What a version holds, as the export reads it: every resource outlined, and found by what refers
// to it.
#pragma once

#include <verso/reader.hpp>

#include "domain/json_parser.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// A resource with the outline of its document.
struct HeldResource {
    Kind kind;
    ResourceId id;
    std::string name;
    ParsedJson document;

    [[nodiscard]] JsonView root() const noexcept { return document.root(); }
};

/// What a description says that has not been imported.
struct ContentTitle {
    std::string title;    ///< The connection's name.
    std::string version;  ///< The version's name.
    std::optional<std::string> base_url;
};

/// Thread safety: movable, until add() has been called for all; then immutable.
class VersionContent {
public:
    explicit VersionContent(ContentTitle title) : title_(std::move(title)) {}

    void add(const ResourceView& resource);

    [[nodiscard]] const ContentTitle& title() const noexcept { return title_; }
    /// Of all documents together.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    /// The resources of a kind in order of id: for ids that the library made, the order in which
    /// they came, which is that of the source. O(n log n).
    [[nodiscard]] std::vector<const HeldResource*> of(Kind kind) const;
    /// What `{"id": ...}` or `{"name": ...}` names, the id deciding; none where it is not there.
    [[nodiscard]] const HeldResource* find(Kind kind, JsonView reference) const;
    [[nodiscard]] const HeldResource* named(Kind kind, std::string_view name) const;

private:
    ContentTitle title_;
    std::size_t bytes_ = 0;
    std::deque<HeldResource> resources_;
    std::unordered_map<std::string, const HeldResource*> by_name_;  // with its kind
    std::map<ResourceId, const HeldResource*> by_id_;
};

/// The member `name` of a document's notes, of that type, if it is there.
[[nodiscard]] std::optional<JsonView> find_note(JsonView document, std::string_view name,
                                                JsonType type);

/// The text of a member; empty where there is none, or no text.
[[nodiscard]] std::string text_of(JsonView object, std::string_view name);

/// A part that is kept as it is, and where it stood: the tokens of a JSON Pointer.
struct KeptPart {
    std::optional<std::vector<std::string>> place;  ///< None: the document does not say.
    JsonView value;                                 ///< The whole document, where it says nothing.
};

[[nodiscard]] KeptPart kept_part_of(const HeldResource& resource);

}  // namespace verso::openapi
