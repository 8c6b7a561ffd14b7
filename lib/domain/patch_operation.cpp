#include "domain/patch_operation.hpp"

#include "domain/failure.hpp"
#include "domain/object_reader.hpp"

#include <algorithm>
#include <array>

namespace verso {

namespace {

constexpr std::array all_verbs{PatchVerb::remove, PatchVerb::add,  PatchVerb::replace,
                               PatchVerb::move,   PatchVerb::copy, PatchVerb::test};

std::optional<JsonPath> read_path(ObjectReader& reader, std::string_view name) {
    reader.require(name, JsonType::string);
    const auto pointer = reader.optional_string(name);
    if (!pointer) return std::nullopt;
    auto path = parse_pointer(*pointer);
    if (!path) reader.report(name, "is no JSON Pointer; give one, as '/a/b' or ''");
    return path;
}

bool is_within(const JsonPath& path, const JsonPath& parent) {
    return path.size() > parent.size() && std::equal(parent.begin(), parent.end(), path.begin());
}

PatchOperation read_operation(JsonView text, const Place& place, Findings& findings) {
    ObjectReader reader(text, place, findings);
    PatchOperation operation;
    if (!text.is_object()) return operation;
    operation.verb = reader.choice<PatchVerb>("op", all_verbs);
    const auto path = read_path(reader, "path");
    switch (operation.verb) {
        case PatchVerb::remove: break;
        case PatchVerb::move:
        case PatchVerb::copy: {
            const auto from = read_path(reader, "from");
            if (operation.verb == PatchVerb::move && path && from && is_within(*path, *from))
                reader.report("from", "holds the path; nothing is moved into itself");
            operation.from = from.value_or(JsonPath());
            break;
        }
        case PatchVerb::add:
        case PatchVerb::replace:
        case PatchVerb::test:
            operation.value = reader.any("value");
            if (!operation.value) reader.report("value", "is missing; give any JSON value");
    }
    operation.path = path.value_or(JsonPath());
    return operation;
}

}  // namespace

std::string_view to_string(PatchVerb verb) noexcept {
    constexpr std::array<std::string_view, all_verbs.size()> names{"remove", "add",  "replace",
                                                                   "move",   "copy", "test"};
    return names[static_cast<std::size_t>(verb)];
}

std::string format_pointer(const JsonPath& path) {
    std::string pointer;
    for (const std::string& token : path) append_pointer(pointer, token);
    return pointer;
}

std::vector<PatchOperation> read_operations(JsonView patch) {
    Findings findings;
    const Place whole;
    std::vector<PatchOperation> operations;
    if (!patch.is_array()) findings.add(whole, "is no array; give an array of operations");
    for (const JsonView each : patch.elements())
        operations.push_back(read_operation(each, {&whole, {}, operations.size()}, findings));
    if (findings.empty()) return operations;
    Error error = std::move(findings).to_error("JSON Patch");
    error.code = Errc::patch_invalid;
    fail(std::move(error));
}

}  // namespace verso
