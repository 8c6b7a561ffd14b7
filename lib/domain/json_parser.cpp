#include "domain/json_parser.hpp"

#include "domain/failure.hpp"
#include "domain/json_scan.hpp"
#include "domain/json_validator.hpp"

#include <algorithm>
#include <limits>

namespace verso {

namespace {

constexpr bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Copies valid JSON run by run, a run being what stands between white space outside strings.
std::string strip_white_space(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t run = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '"') {
            at = scan_string(text, at).end;
        } else if (is_json_space(text[at])) {
            out += text.substr(run, at - run);
            while (at < text.size() && is_json_space(text[at])) ++at;
            run = at;
        } else {
            ++at;
        }
    }
    out += text.substr(run);
    return out;
}

unsigned depth_of(std::string_view compact) {
    unsigned depth = 0;
    unsigned deepest = 0;
    for (std::size_t at = 0; at < compact.size();) {
        const char c = compact[at];
        if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
        if (c == '}' || c == ']') --depth;
        at = c == '"' ? scan_string(compact, at).end : at + 1;
    }
    return deepest;
}

void check_size(std::size_t size_bytes, const DocumentLimits& limits) {
    const std::size_t max_bytes = std::min(limits.max_bytes, widest_limits.max_bytes);
    if (size_bytes > max_bytes)
        fail(Errc::limit_exceeded, "the JSON has " + std::to_string(size_bytes) +
                                       " bytes without white space, more than " +
                                       std::to_string(max_bytes) +
                                       "; make it smaller, or raise the limit max_bytes");
}

}  // namespace

Result<std::string> compact_json(std::string_view text, const DocumentLimits& limits) {
    return guarded([&] {
        validate_json(text, limits.max_depth);
        std::string compact = strip_white_space(text);
        check_size(compact.size(), limits);
        return compact;
    });
}

Result<void> check_limits(std::string_view document, const DocumentLimits& limits) {
    return guarded([&] {
        check_size(document.size(), limits);
        const unsigned depth = depth_of(document);
        if (depth > limits.max_depth)
            fail(Errc::limit_exceeded, "the document has " + std::to_string(depth) +
                                           " levels, more than " +
                                           std::to_string(limits.max_depth) +
                                           "; nest it less, or raise the limit max_depth");
    });
}

Result<ParsedJson> parse_json(std::string_view text, const DocumentLimits& limits) {
    auto compact = compact_json(text, limits);
    if (!compact) return compact.error();
    return ParsedJson(std::move(*compact));
}

}  // namespace verso
