#include "openapi/paths.hpp"

namespace verso::openapi {

namespace {

constexpr std::string_view opening = "{{ param.";
constexpr std::string_view closing = " }}";

/// Calls text(part) and parameter(name) for what stands outside and inside of a pair of marks.
template <class Text, class Parameter>
void take_apart(std::string_view path, std::string_view open, std::string_view close, Text text,
                Parameter parameter) {
    for (;;) {
        const std::size_t begin = path.find(open);
        const std::size_t end =
            begin == path.npos ? path.npos : path.find(close, begin + open.size());
        if (end == path.npos) return text(path);
        text(path.substr(0, begin));
        parameter(path.substr(begin + open.size(), end - begin - open.size()));
        path.remove_prefix(end + close.size());
    }
}

}  // namespace

std::vector<std::string_view> path_parameters(std::string_view path) {
    std::vector<std::string_view> names;
    take_apart(
        path, "{", "}", [](std::string_view) {},
        [&](std::string_view name) { names.push_back(name); });
    return names;
}

std::string fill_braces(std::string_view text,
                        std::map<std::string, std::string, std::less<>> values) {
    std::string filled;
    take_apart(
        text, "{", "}", [&](std::string_view part) { filled += part; },
        [&](std::string_view name) {
            const auto value = values.find(name);
            if (value == values.end()) {
                filled.append("{").append(name).append("}");
                return;
            }
            filled += value->second;
            values.erase(value);
        });
    return filled;
}

std::string to_action_path(std::string_view path) {
    std::string written;
    take_apart(
        path, "{", "}", [&](std::string_view text) { written += text; },
        [&](std::string_view name) { written.append(opening).append(name).append(closing); });
    return written;
}

std::string from_action_path(std::string_view path) {
    std::string written;
    take_apart(
        path, opening, closing, [&](std::string_view text) { written += text; },
        [&](std::string_view name) { written.append("{").append(name).append("}"); });
    return written;
}

}  // namespace verso::openapi
