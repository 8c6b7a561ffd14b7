// What a document keeps of its source beside its shape: the way back to the source leads through
// these.
#pragma once

#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"

#include <span>
#include <string_view>

namespace verso::openapi {

/// The member `openapi` of a document or of a part of one. It tells what the shape and the members
/// that were copied do not, so that the source can be made of the document again:
///
///   key       the name in the source, where the resource's differs
///   members   members of the source whose names the document needs for itself, or whose value says
///   the same as
///             their absence
///
/// and what the kinds of documents note besides, each beside the code that writes it.
class Notes {
public:
    /// To be written to as to the inside of an object.
    [[nodiscard]] JsonWriter& json() noexcept { return notes_; }
    void displace(std::string_view name, JsonView value) { members_.key(name).raw(value.text()); }
    /// Nothing where the names are equal.
    void key(std::string_view original, std::string_view name);

    /// Adds the member `openapi`, if there is anything to note.
    void write_to(JsonWriter& json) const;

private:
    JsonWriter notes_;
    JsonWriter members_;
};

/// Which members of a source are not copied as they are.
struct MemberRules {
    std::span<const std::string_view>
        own;  ///< Names that the document needs for itself: displaced.
    std::span<const std::string_view> handled;  ///< Written by the caller, in whichever form.
};

/// Copies the other members of a source object, texts as they are.
void copy_members(JsonWriter& json, JsonView source, const MemberRules& rules, Notes& notes);

}  // namespace verso::openapi
