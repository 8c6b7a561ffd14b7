#include "cli/resource_facts.hpp"

#include "cli/text.hpp"
#include "domain/json_outline.hpp"

namespace verso::cli {

namespace {

/// A member that is a string; empty where there is none.
std::string text_of(JsonView root, std::string_view member) {
    const auto value = root.find(member);
    return value && value->is_string() ? shown(value->string()) : std::string();
}

bool is_true(JsonView root, std::string_view member) {
    const auto value = root.find(member);
    return value && value->is_true();
}

std::string accepted(JsonView root) {
    std::string types;
    if (const auto accept = root.find("accept"))
        for (const JsonView type : accept->elements())
            if (type.is_string()) types += (types.empty() ? "" : ", ") + shown(type.string());
    return types;
}

}  // namespace

std::string facts(Kind kind, std::string_view document) {
    const Outline outline(document);
    const JsonView root = outline.root(document);
    switch (kind) {
        case Kind::action: return text_of(root, "method") + ' ' + text_of(root, "path");
        case Kind::trigger: return text_of(root, "method");
        case Kind::definition: return accepted(root);
        case Kind::parameter:
            return text_of(root, "in") + ' ' + text_of(root, "type") +
                   (is_true(root, "required") ? ", required" : "");
        default: return format_bytes(document.size());
    }
}

}  // namespace verso::cli
