// Request bodies and responses on their way back: references to Definitions become media types.
//
// A body's media types are those that the document keeps of its source, as far as the Definition
// still accepts them, and those that it accepts although no body of the source has it for them:
// these were added since. A body that keeps none has all that its Definition accepts. Of two that
// describe one media type, the first counts. A Definition that is not there leaves its media types
// without a schema. A body that is a `$ref` stays one as long as it names the Definitions, in that
// order, that what it refers to names; else it is written out.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/export_keys.hpp"
#include "openapi/export_members.hpp"
#include "openapi/export_schemas.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace verso::openapi {

/// Lifetime: that of what it was made of. Thread safety: immutable
class ExportedBodies {
public:
    ExportedBodies(const VersionContent& content, const ExportKeys& keys,
                   const ExportedSchemas& schemas, Allowance& allowance);

    void add_components(Kind kind, Members& section) const;

    /// An operation's `requestBody`. `complete`: nothing of it was imported, so that it needs what
    /// a description must have besides.
    [[nodiscard]] std::string request(const HeldResource& operation, JsonView document,
                                      bool complete) const {
        return restore({operation, document, Kind::request_body}, complete);
    }
    /// An operation's `responses`.
    [[nodiscard]] std::string responses(const HeldResource& operation, bool complete) const;

private:
    /// A body, and the resource that it stands in.
    struct Body {
        const HeldResource& holder;
        JsonView document;
        Kind kind;
    };
    /// A body that others may refer to, read once.
    struct SharedBody {
        JsonView document;
        std::optional<JsonView> reference;
        bool is_required;
        JsonRange<JsonView> bodies;
    };
    /// Which Definition a body names: the text of a reference that dangles.
    using Identity = std::pair<const ExportedSchema*, std::string_view>;
    using KeptContents = std::map<Identity, JsonView>;

    [[nodiscard]] std::string restore(const Body& body, bool complete) const;
    [[nodiscard]] const SharedBody* target_of(const Body& body) const;
    [[nodiscard]] bool says_the_same(JsonView document, const SharedBody& target) const;
    [[nodiscard]] KeptContents kept_contents(const SharedBody& shared) const;
    void add_content(Members& members, const Body& body, const SharedBody* kept_by,
                     bool wanted) const;
    void add_media_types(Members& content, const HeldResource& holder, JsonView body,
                         const KeptContents& kept_contents) const;
    [[nodiscard]] Identity identity(JsonView body) const;

    const VersionContent& content_;
    const ExportKeys& keys_;
    const ExportedSchemas& schemas_;
    Allowance& allowance_;
    std::unordered_map<const HeldResource*, SharedBody> shared_;
};

}  // namespace verso::openapi
