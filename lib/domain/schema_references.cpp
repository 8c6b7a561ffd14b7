#include "domain/schema_references.hpp"

#include "domain/json_scan.hpp"
#include "domain/json_writer.hpp"
#include "domain/visitor.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace verso {

namespace {

constexpr std::string_view prefix = "#/$defs/";
constexpr std::array data_members{"example", "examples", "default", "enum", "const"};
constexpr std::array map_members{"properties", "patternProperties", "$defs", "definitions",
                                 "dependentSchemas"};

template <std::size_t size>
bool contains(const std::array<const char*, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a text may hold a reference at all. Where one is spelt with escapes, it may.
bool may_refer(std::string_view schema) {
    return schema.find("$defs") != schema.npos || schema.find("\\u00") != schema.npos;
}

/// The name in `#/$defs/NAME`, or in `#/$defs/NAME/further/down`.
std::optional<std::string_view> name_in(std::string_view reference) {
    if (!reference.starts_with(prefix)) return std::nullopt;
    reference.remove_prefix(prefix.size());
    return reference.substr(0, reference.find('/'));
}

/// Finds the references of one schema.
class Walker {
public:
    /// The value that refers, and the name in it.
    using Found = Visitor<JsonView, std::string_view>;

    Walker(JsonView root, Found found) : found_(found) {
        if (const auto own = root.find("$defs"))
            for (const auto [key, value] : own->members()) own_.insert(key.string());
    }

    void walk(JsonView schema) const {
        for (const JsonView element : schema.elements()) walk(element);
        std::string scratch;
        for (const auto [key, value] : schema.members()) {
            const std::string_view name = key.string(scratch);
            if (name == "$ref")
                take(value);
            else if (name == "mapping")
                for (const auto [from, to] : value.members()) take(to);
            else if (contains(map_members, name))
                for (const auto [member, below] : value.members()) walk(below);
            else if (!contains(data_members, name) && !name.starts_with("x-"))
                walk(value);
        }
    }

private:
    void take(JsonView value) const {
        if (!value.is_string()) return;
        std::string scratch;
        const auto name = name_in(value.string(scratch));
        if (name && !own_.contains(*name)) static_cast<void>(found_(value, *name));
    }

    std::set<std::string, std::less<>> own_;
    Found found_;
};

/// A token to be put in place of another one.
struct Replacement {
    std::size_t offset;  // in the text without white space
    std::size_t size;
    std::string token;
};

/// `text` with tokens replaced that are given by where they stand in it without its white space.
/// Requires: rising offsets.
std::string replace_tokens(std::string_view text, const std::vector<Replacement>& replacements) {
    std::string replaced;
    replaced.reserve(text.size());
    std::size_t compact_at = 0;
    auto next = replacements.begin();
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        const std::size_t end = c == '"' ? scan_string(text, at).end : at + 1;
        if (!is_space && next != replacements.end() && next->offset == compact_at)
            replaced += (next++)->token;
        else
            replaced += text.substr(at, end - at);
        if (!is_space) compact_at += end - at;
        at = end;
    }
    return replaced;
}

}  // namespace

std::vector<std::string> schema_references(std::string_view schema) {
    std::vector<std::string> names;
    if (!may_refer(schema)) return names;
    const auto json = parse_json(schema, schema_limits);
    if (!json) return names;
    std::set<std::string, std::less<>> known;
    Walker(json->root(), [&](JsonView, std::string_view name) {
        if (!known.contains(name)) names.push_back(*known.emplace(name).first);
        return true;
    }).walk(json->root());
    return names;
}

std::optional<std::string> rename_schema_references(std::string_view schema,
                                                    const Renames& renames) {
    if (!may_refer(schema)) return std::nullopt;
    const auto json = parse_json(schema, schema_limits);
    if (!json) return std::nullopt;
    std::vector<Replacement> replacements;
    Walker(json->root(), [&](JsonView value, std::string_view name) {
        const auto renamed = renames.find(name);
        if (renamed == renames.end()) return true;
        std::string target(prefix);
        target += renamed->second;
        target += value.string().substr(prefix.size() + name.size());
        std::string token;
        append_json_string(token, target);
        replacements.push_back({value.offset(), value.text().size(), std::move(token)});
        return true;
    }).walk(json->root());
    if (replacements.empty()) return std::nullopt;
    return replace_tokens(schema, replacements);
}

}  // namespace verso
