#include "domain/path_placeholders.hpp"

#include <algorithm>

namespace verso {

std::vector<std::string_view> placeholders(std::string_view path) {
    constexpr std::string_view blanks = " \t";
    std::vector<std::string_view> names;
    std::size_t close = 0;
    for (auto open = path.find("{{"); open != path.npos; open = path.find("{{", open + 2)) {
        if (close <= open) close = path.find("}}", open);
        if (close == path.npos) break;
        std::string_view inner = path.substr(open + 2, close - open - 2);
        inner.remove_prefix(std::min(inner.find_first_not_of(blanks), inner.size()));
        inner = inner.substr(0, inner.find_last_not_of(blanks) + 1);
        constexpr std::string_view param = "param.";
        if (inner.starts_with(param)) names.push_back(inner.substr(param.size()));
    }
    return names;
}

std::string rename_placeholders(std::string_view path, const Renames& renames) {
    std::string renamed;
    const char* copied = path.data();
    for (const std::string_view name : placeholders(path)) {
        const auto found = renames.find(name);
        if (found == renames.end()) continue;
        renamed.append(copied, name.data()).append(found->second);
        copied = name.data() + name.size();
    }
    return renamed.append(copied, path.data() + path.size());
}

std::string wire_name(JsonView parameter) {
    const auto notes = parameter.find("openapi");
    const auto members = notes ? notes->find("members") : std::nullopt;
    const auto name = members ? members->find("name") : std::nullopt;
    if (name && name->is_string()) return name->string();
    return parameter.find("name")->string();
}

std::optional<std::string> placeholder_of(std::string_view parameter) {
    const Outline outline(parameter);
    const JsonView root = outline.root(parameter);
    if (!root.find("in")->is_string("path")) return std::nullopt;
    return wire_name(root);
}

}  // namespace verso
