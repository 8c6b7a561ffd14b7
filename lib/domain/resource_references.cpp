#include "domain/resource_references.hpp"

#include "domain/json_writer.hpp"
#include "domain/object_reader.hpp"
#include "domain/path_placeholders.hpp"
#include "domain/utf8.hpp"
#include "domain/visitor.hpp"

#include <algorithm>

namespace verso {

namespace {

/// Visits each object that names another resource: its target's kind, the object, its place.
using ReferenceVisitor = Visitor<Kind, JsonView, const Place&>;

void visit_bodies(JsonView holder, const Place& place, ReferenceVisitor visitor) {
    const auto definitions = holder.find("definitions");
    if (!definitions) return;
    const Place list{&place, "definitions"};
    std::size_t index = 0;
    for (const JsonView body : definitions->elements()) {
        const Place element{&list, {}, index++};
        if (const auto reference = body.find("definition"))
            visitor(Kind::definition, *reference, Place{&element, "definition"});
    }
}

/// What stands in an operation, or in a body that operations share.
void visit_operation(JsonView root, ReferenceVisitor visitor) {
    const Place whole;
    visit_bodies(root, whole, visitor);
    if (const auto parameters = root.find("parameters")) {
        const Place list{&whole, "parameters"};
        std::size_t index = 0;
        for (const JsonView parameter : parameters->elements()) {
            const Place element{&list, {}, index++};
            if (const auto reference = parameter.find("parameter"))
                visitor(Kind::parameter, *reference, Place{&element, "parameter"});
        }
    }
    if (const auto body = root.find("requestBody"))
        visit_bodies(*body, Place{&whole, "requestBody"}, visitor);
    if (const auto responses = root.find("responses")) {
        const Place list{&whole, "responses"};
        std::size_t index = 0;
        for (const JsonView response : responses->elements())
            visit_bodies(response, Place{&list, {}, index++}, visitor);
    }
}

Reference read_reference(JsonView object) {
    Reference reference;
    if (const auto id = object.find("id"); id && id->is_string())
        if (const auto parsed = parse_id<ResourceId>(id->string())) reference.id = *parsed;
    if (const auto name = object.find("name"); name && name->is_string())
        reference.name = name->string();
    return reference;
}

/// The string with a Definition's schema.
std::optional<JsonView> schema_content(JsonView root) {
    const auto schema = root.find("schema");
    const auto content = schema ? schema->find("content") : std::nullopt;
    return content && content->is_string() ? content : std::nullopt;
}

/// Strings of a document that are to be others.
class Rewriting {
public:
    explicit Rewriting(const std::string& text) : text_(text) {}

    /// Requires: values in the order of the text.
    void replace(JsonView value, std::string_view characters) {
        rewritten_ += std::string_view(text_).substr(copied_, value.offset() - copied_);
        append_json_string(rewritten_, characters);
        copied_ = value.offset() + value.text().size();
    }
    [[nodiscard]] std::optional<std::string> take() && {
        if (copied_ == 0) return std::nullopt;
        rewritten_ += std::string_view(text_).substr(copied_);
        return std::move(rewritten_);
    }

private:
    const std::string& text_;
    std::string rewritten_;
    std::size_t copied_ = 0;
};

/// A name that a reference object is to have instead of its own.
struct NewName {
    JsonView value;
    const std::string* name;
};

std::vector<NewName> new_names(JsonView root, const RenamedTargets& targets) {
    std::vector<NewName> names;
    visit_operation(root, [&](Kind kind, JsonView object, const Place&) {
        if (const std::string* const name = targets.find(kind, read_reference(object)))
            names.push_back({*object.find("name"), name});
        return true;
    });
    std::sort(names.begin(), names.end(), [](const NewName& a, const NewName& b) {
        return a.value.offset() < b.value.offset();
    });
    return names;
}

}  // namespace

bool may_refer(Kind kind, std::string_view text) {
    if (!may_refer(kind)) return false;
    // Whoever spells a key with escapes is read in full. In a schema, a string within a string,
    // the escape may itself be escaped.
    const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
    if (kind == Kind::definition) return has("$defs") || has("u00");
    return has("\"definition\"") || has("\"parameter\"") || has("\\u00");
}

std::vector<ReferenceSite> references_of(Kind kind, JsonView root) {
    std::vector<ReferenceSite> sites;
    if (may_refer(kind) && kind != Kind::definition) {
        visit_operation(root, [&](Kind target, JsonView object, const Place& place) {
            Reference reference = read_reference(object);
            if (reference.id || reference.name)
                sites.push_back({target, std::move(reference), place.pointer()});
            return true;
        });
    } else if (kind == Kind::definition) {
        const auto content = schema_content(root);
        if (!content) return sites;
        std::string scratch;
        for (std::string& name : schema_references(content->string(scratch)))
            sites.push_back({Kind::definition, {.name = std::move(name)}, "/schema/content"});
    }
    return sites;
}

std::vector<ReferenceSite> references_of(Kind kind, const std::string& text) {
    if (!may_refer(kind, text)) return {};
    const Outline outline(text);
    return references_of(kind, outline.root(text));
}

std::string leads_nowhere(const ReferenceSite& site) {
    const Reference& reference = site.reference;
    const std::string name = reference.id ? to_string(*reference.id)
                                          : '"' + shortened(reference.name.value_or("")) + '"';
    return "refers to " + std::string(to_string(site.target)) + ' ' + name +
           ", which is not there; create it, or correct the reference";
}

void RenamedTargets::add(const RenamedTarget& target) {
    if (!ids_.emplace(std::pair(target.kind, target.from), target.id).second) return;
    Renames& renames = target.kind == Kind::definition ? definitions_ : parameters_;
    renames.emplace(target.from, target.to);
}

const std::string* RenamedTargets::find(Kind kind, const Reference& reference) const {
    if (!reference.name) return nullptr;
    const auto found = of(kind).find(*reference.name);
    if (found == of(kind).end()) return nullptr;
    if (reference.id && *reference.id != ids_.at({kind, *reference.name})) return nullptr;
    return &found->second;
}

std::optional<std::string> follow_renames(Kind kind, const std::string& text,
                                          const RenamedTargets& targets) {
    const Outline outline(text);
    const JsonView root = outline.root(text);
    Rewriting rewriting(text);
    if (may_refer(kind) && kind != Kind::definition) {
        for (const auto& [value, name] : new_names(root, targets)) rewriting.replace(value, *name);
    } else if (const auto content = schema_content(root); kind == Kind::definition && content) {
        if (const auto schema =
                rename_schema_references(content->string(), targets.of(Kind::definition)))
            rewriting.replace(*content, *schema);
    }
    return std::move(rewriting).take();
}

std::optional<std::string> follow_path_names(const std::string& text, const Renames& renames) {
    const Outline outline(text);
    const JsonView path = *outline.root(text).find("path");
    const std::string before = path.string();
    const std::string after = rename_placeholders(before, renames);
    if (after == before) return std::nullopt;
    Rewriting rewriting(text);
    rewriting.replace(path, after);
    return std::move(rewriting).take();
}

}  // namespace verso
