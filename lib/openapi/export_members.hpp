// Objects of a description, put together out of what documents hold: exact slices of text, each
// name once.
#pragma once

#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_set>

namespace verso::openapi {

/// The members of an object that is being put together. The first one of a name stays.
///
/// Thread safety: movable
class Members {
public:
    /// Adds a member, unless there is one of the name; tells whether it did.
    bool add(std::string_view name, std::string_view value);
    bool add_string(std::string_view name, std::string_view characters);
    /// The same with the key as it is written.
    bool add(JsonMember member);
    /// Adds all members of an object.
    void add_all(JsonView object);
    /// The same of others. Requires: none of them is here.
    void append(const Members& others);

    [[nodiscard]] bool contains(std::string_view name) const {
        return names_.contains(std::string(name));
    }
    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
    [[nodiscard]] std::string text() const;

private:
    std::unordered_set<std::string> names_;
    JsonWriter inside_;
};

using MemberNames = std::initializer_list<std::string_view>;

[[nodiscard]] bool contains(MemberNames names, std::string_view name);

/// Which members of a document stood in its source, and where those go that are made anew.
struct SourceMembers {
    MemberNames shape;    ///< The document's own: not copied.
    MemberNames leading;  ///< Usually written before what is made anew.
};

/// Copies what stood in the source, in its order, but what is made anew in its place. That goes
/// behind the last leading member. Requires: none of it is there.
void copy_source(Members& to, JsonView document, const SourceMembers& names,
                 const Members& made = {});

/// Adds the members of the source that made room for the document's own, unless they have been made
/// anew.
void add_displaced(Members& to, JsonView document);

/// A text that two values have in common exactly when they are equal, numbers as they are written;
/// the order of members does not count. O(n log n); the stack grows with the depth.
[[nodiscard]] std::string canonical_text(JsonView value);

}  // namespace verso::openapi
