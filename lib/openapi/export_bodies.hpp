// Request bodies and responses on their way back: references to Definitions become media types.
//
// A body's media types are those that the document keeps of its source, as far as the Definition
// still accepts them, and those that it accepts although no body of the source has it for them:
// these were added since. A body that keeps none has all that its Definition accepts. Of two that
// describe one media type, the first counts. A Definition that is not there leaves its media types
// without a schema. A body that is a `$ref` stays one as long as it names the Definitions, in that
// order, that what it refers to names; else it is written out.
#pragma once

#include "openapi/export_keys.hpp"
#include "openapi/export_members.hpp"
#include "openapi/export_schemas.hpp"

#include <string>
#include <string_view>

namespace verso::openapi {

/// Lifetime: that of what it was made of. Thread safety: immutable
class ExportedBodies {
public:
    ExportedBodies(const VersionContent& content, const ExportKeys& keys,
                   const ExportedSchemas& schemas)
        : content_(content), keys_(keys), schemas_(schemas) {}

    void add_components(Kind kind, Members& section) const;

    /// `complete`: nothing of it was imported, so that it needs what a description must have
    /// besides.
    [[nodiscard]] std::string request(JsonView document, bool complete) const {
        return restore(document, Kind::request_body, complete);
    }
    /// An operation's `responses`, of its documents: the operation itself.
    [[nodiscard]] std::string responses(JsonView operation, bool complete) const;

private:
    [[nodiscard]] std::string restore(JsonView document, Kind kind, bool complete) const;
    [[nodiscard]] const HeldResource* target_of(JsonView document, Kind kind) const;
    [[nodiscard]] bool says_the_same(JsonView document, JsonView target) const;
    void add_content(Members& members, JsonView document, const HeldResource* kept_by,
                     bool wanted) const;
    void add_media_types(Members& content, JsonView body, const HeldResource* kept_by) const;
    [[nodiscard]] std::string identity(JsonView body) const;

    const VersionContent& content_;
    const ExportKeys& keys_;
    const ExportedSchemas& schemas_;
};

}  // namespace verso::openapi
