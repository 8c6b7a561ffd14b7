#include "http/conditions.hpp"

#include "domain/failure.hpp"
#include "http/headers.hpp"

#include <algorithm>

namespace verso::http {

namespace {

[[noreturn]] void refuse_tags(std::string_view name) {
    fail_field(Errc::request_invalid, std::string(name),
               "the header " + std::string(name) +
                   R"( is neither '*' nor a list of entity tags, as '"7", "8"')");
}

bool is_tag_character(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

/// Takes the entity tag that `text` begins with.
TagList::Tag take_tag(std::string_view& text, std::string_view name) {
    const bool is_weak = text.starts_with("W/");
    if (is_weak) text.remove_prefix(2);
    const std::size_t end = text.find('"', 1);
    if (!text.starts_with('"') || end == std::string_view::npos) refuse_tags(name);
    const std::string_view tag = text.substr(0, end + 1);
    const std::string_view inner = unquote(tag);
    if (!std::all_of(inner.begin(), inner.end(), is_tag_character)) refuse_tags(name);
    text.remove_prefix(tag.size());
    return {std::string(tag), is_weak};
}

/// Appends the tags of one field. Source: RFC 9110, 5.6.1 (elements may be empty)
void read_tags(std::string_view text, std::string_view name, TagList& list) {
    while (true) {
        text = trim(text);
        if (text.starts_with(',')) {
            text.remove_prefix(1);
            continue;
        }
        if (text.empty()) return;
        list.tags.push_back(take_tag(text, name));
        text = trim(text);
        if (!text.empty() && text.front() != ',') refuse_tags(name);
    }
}

std::optional<TagList> read_list(const Request& request, std::string_view name) {
    std::optional<TagList> list;
    for (const Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        const bool is_first = !list.has_value();
        if (is_first) list.emplace();
        if (list->is_any) refuse_tags(name);
        if (trim(header.value) != "*")
            read_tags(header.value, name, *list);
        else if (is_first)
            list->is_any = true;
        else
            refuse_tags(name);
    }
    if (list && !list->is_any && list->tags.empty()) refuse_tags(name);
    return list;
}

}  // namespace

std::string entity_tag(std::uint64_t revision) { return '"' + std::to_string(revision) + '"'; }

bool TagList::matches(std::optional<std::uint64_t> revision, bool weak_too) const {
    if (is_any) return true;
    if (!revision) return false;
    const std::string wanted = entity_tag(*revision);
    return std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) {
        return tag.text == wanted && (weak_too || !tag.is_weak);
    });
}

bool Conditions::allow_write(std::optional<std::uint64_t> revision) const {
    if (if_match && !if_match->matches(revision, false)) return false;
    return !(if_none_match && revision && if_none_match->matches(revision, true));
}

Conditions read_conditions(const Request& request) {
    return {read_list(request, "If-Match"), read_list(request, "If-None-Match")};
}

Error revision_mismatch(std::optional<std::uint64_t> revision) {
    if (!revision)
        return {Errc::revision_mismatch,
                "the request depends on a revision, and what it is for has none; leave the "
                "condition out",
                {}};
    return {Errc::revision_mismatch,
            "the version is at revision " + std::to_string(*revision) +
                ", not where the request expects it; read it again, then repeat the change",
            {}};
}

}  // namespace verso::http
