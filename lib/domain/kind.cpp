#include <verso/domain/kind.hpp>

namespace verso {

std::string_view to_string(Kind kind) noexcept {
    switch (kind) {
        case Kind::action: return "action";
        case Kind::definition: return "definition";
        case Kind::trigger: return "trigger";
        case Kind::parameter: return "parameter";
        case Kind::response: return "response";
        case Kind::request_body: return "request_body";
        case Kind::header: return "header";
        case Kind::example: return "example";
        case Kind::security_scheme: return "security_scheme";
        case Kind::link: return "link";
        case Kind::callback: return "callback";
        case Kind::path_item: return "path_item";
        case Kind::document: return "document";
    }
    return "unknown";
}

std::optional<Kind> parse_kind(std::string_view text) noexcept {
    for (const Kind kind : all_kinds)
        if (to_string(kind) == text) return kind;
    return std::nullopt;
}

}  // namespace verso
