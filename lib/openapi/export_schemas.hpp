// Schemas on their way back: the content of Definitions as component schemas, or in the bodies that
// they came from.
//
// The content is what counts, as it is now. References among Definitions, `#/$defs/NAME`, become
// references among components; where the document notes how one was written in the source, and it
// still means the same, as it was written. A Definition that the import made of a schema within a
// body goes back into the body, unless it was renamed since or another schema refers to it: then it
// is a component. One that no body holds any more is left out, since it has no place.
//
// A schema that is not JSON (XSD, say) becomes a string whose contentMediaType is the first media
// type that it accepts, and the schema itself its member `x-schema`: {contentType, content}.
#pragma once

#include "openapi/export_keys.hpp"
#include "openapi/export_members.hpp"
#include "openapi/media_types.hpp"
#include "openapi/pointers.hpp"

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// A Definition as bodies use it.
struct ExportedSchema {
    const HeldResource* resource;
    std::string text;                      ///< Of the schema.
    std::vector<std::string> media_types;  ///< As the member `accept` lists them.
    std::set<std::string> accept;          ///< The same in lower case, without parameters.
    std::set<std::string> noted = {};      ///< Those that some body of the source has it for.
    std::size_t bodies = 0;                ///< That hold it, besides mere references.
    bool is_component = true;
};

/// Lifetime: that of the content. Thread safety: movable, then immutable
class ExportedSchemas {
public:
    ExportedSchemas(const VersionContent& content, const ExportKeys& keys);

    /// The Definition that a reference names; none where it dangles.
    [[nodiscard]] const ExportedSchema* find(JsonView reference) const;
    /// What a body says: a reference to the component, or the schema itself.
    [[nodiscard]] std::string use(const ExportedSchema& schema) const;
    void add_components(Members& schemas) const;

private:
    void restore(ExportedSchema& schema);
    [[nodiscard]] std::optional<std::string> restore_reference(
        ExportedSchema& schema, Pointers& content, std::string_view reference,
        std::optional<std::string_view> source);
    void note_bodies(JsonView document);

    const VersionContent& content_;
    const ExportKeys& keys_;
    std::vector<ExportedSchema> schemas_;
    std::unordered_map<const HeldResource*, std::size_t> index_;
};

}  // namespace verso::openapi
