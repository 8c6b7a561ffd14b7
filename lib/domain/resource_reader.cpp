#include "domain/resource_reader.hpp"

#include "domain/document_access.hpp"
#include "domain/failure.hpp"
#include "domain/shapes.hpp"

#include <algorithm>
#include <array>

namespace verso {

namespace {

constexpr std::array library_members{"id", "errors", "referencedBy"};

bool is_library_member(JsonView key) {
    return std::any_of(library_members.begin(), library_members.end(),
                       [&](std::string_view name) { return key.is_string(name); });
}

bool has_library_members(JsonView root) {
    const auto members = root.members();
    return std::any_of(members.begin(), members.end(),
                       [](JsonMember member) { return is_library_member(member.key); });
}

Document without_library_members(JsonView root) {
    JsonWriter json(root.text().size());
    json.begin_object();
    for (const auto [key, value] : root.members())
        if (!is_library_member(key)) json.raw_key(key.text()).raw(value.text());
    json.end_object();
    return DocumentAccess::make(std::move(json).take());
}

struct Head {
    std::optional<ResourceId> id;
    std::string name;
};

template <class Shape>
Head read_head(JsonView root, Findings& findings) {
    Shape shape = read_shape<Shape>(root, findings);
    return {shape.id, std::move(shape.name)};
}

Head read_head(Kind kind, JsonView root, Findings& findings) {
    switch (kind) {
        case Kind::action: return read_head<Action>(root, findings);
        case Kind::definition: return read_head<Definition>(root, findings);
        case Kind::trigger: return read_head<Trigger>(root, findings);
        case Kind::parameter: return read_head<Parameter>(root, findings);
        default: return {};
    }
}

}  // namespace

Result<StoredDocument> to_stored_document(Kind kind, const Document& document) {
    Outline outline(document.text());
    if (!has_shape(kind)) return StoredDocument{{}, {}, document, std::move(outline)};
    const JsonView root = outline.root(document.text());
    Findings findings;
    Head head = read_head(kind, root, findings);
    if (!findings.empty()) return std::move(findings).to_error(to_string(kind));
    if (!has_library_members(root))
        return StoredDocument{head.id, std::move(head.name), document, std::move(outline)};
    Document stored = without_library_members(root);
    Outline stored_outline(stored.text());
    return StoredDocument{head.id, std::move(head.name), std::move(stored),
                          std::move(stored_outline)};
}

std::vector<FieldError> check_shape(Kind kind, JsonView root) {
    Findings findings;
    static_cast<void>(read_head(kind, root, findings));
    return findings.fields();
}

}  // namespace verso
