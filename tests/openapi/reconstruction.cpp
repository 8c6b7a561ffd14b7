#include "reconstruction.hpp"

#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"
#include "openapi/export.hpp"

#include <map>

namespace verso::openapi::test {

namespace {

using Differences = std::vector<std::string>;

constexpr std::size_t most_differences = 20;

std::string shown(const std::string& at, std::string_view a, std::string_view b) {
    constexpr std::size_t most_bytes = 200;
    std::string text = at;
    return text.append(": ")
        .append(a.substr(0, most_bytes))
        .append(" | ")
        .append(b.substr(0, most_bytes));
}

void compare(JsonView a, JsonView b, const std::string& at, Differences& found) {
    if (found.size() >= most_differences) return;
    if (a.type() != b.type()) {
        found.push_back(shown(at, a.text(), b.text()));
    } else if (a.is_string()) {
        if (a.string() != b.string()) found.push_back(shown(at, a.text(), b.text()));
    } else if (a.is_array() && a.elements().size() == b.elements().size()) {
        std::size_t index = 0;
        auto other = b.elements().begin();
        for (const JsonView element : a.elements()) {
            compare(element, *other, at + '/' + std::to_string(index++), found);
            ++other;
        }
    } else if (a.is_object()) {
        std::map<std::string, JsonView> others;
        for (const auto [key, value] : b.members()) others.emplace(key.string(), value);
        for (const auto [key, value] : a.members()) {
            std::string below = at;
            append_pointer(below, key.string());
            const auto other = others.find(key.string());
            if (other == others.end()) {
                found.push_back(shown(below, value.text(), "nothing"));
                continue;
            }
            compare(value, other->second, below, found);
            others.erase(other);
        }
        for (const auto& [name, value] : others) {
            std::string below = at;
            append_pointer(below, name);
            found.push_back(shown(below, "nothing", value.text()));
        }
    } else if (a.text() != b.text()) {
        found.push_back(shown(at, a.text(), b.text()));
    }
}

}  // namespace

std::string description_of(std::span<const ConvertedResource> resources) {
    VersionContent content({});
    ResourceId id;
    for (const ConvertedResource& resource : resources) {
        for (auto byte = id.value.end(); ++*--byte == 0;) {
        }
        content.add({resource.kind, id, resource.name, resource.text});
    }
    return describe(content);
}

boost::json::value reconstruct(std::span<const ConvertedResource> resources) {
    return to_value(parse_json(description_of(resources)).value().root());
}

std::vector<std::string> differences(std::string_view a, std::string_view b) {
    const ParsedJson left = parse_json(a).value();
    const ParsedJson right = parse_json(b).value();
    Differences found;
    compare(left.root(), right.root(), "", found);
    return found;
}

}  // namespace verso::openapi::test
