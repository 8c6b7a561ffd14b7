#include <verso/domain/json_patch.hpp>

#include "domain/document_access.hpp"
#include "domain/editable_json.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/patch_maker.hpp"
#include "domain/patch_operation.hpp"

#include <algorithm>

namespace verso {

namespace {

/// What a patch between documents within these limits may be: at most one that replaces it all.
DocumentLimits limits_of_patch(const DocumentLimits& limits) {
    constexpr std::size_t operation_bytes = 64;  // without the value, and the array around it
    return {.max_bytes = std::min(limits.max_bytes, widest_limits.max_bytes) + operation_bytes,
            .max_depth = std::min(limits.max_depth, max_json_depth) + levels_around};
}

/// A value being patched.
class Patching {
public:
    explicit Patching(JsonView document) : value_(document) {}

    void perform(const PatchOperation& operation) {
        switch (operation.verb) {
            case PatchVerb::add: value_.add(operation.path, EditableJson(*operation.value)); return;
            case PatchVerb::remove: value_.remove(operation.path); return;
            case PatchVerb::replace:
                value_.replace(operation.path, EditableJson(*operation.value));
                return;
            case PatchVerb::copy: value_.add(operation.path, at(operation.from).copy()); return;
            case PatchVerb::move: move(operation); return;
            case PatchVerb::test: break;
        }
        if (!at(operation.path).equals(*operation.value, equality_))
            fail(Errc::patch_failed, '\'' + format_pointer(operation.path) +
                                         "' is not what the test says; make the patch anew");
    }

    [[nodiscard]] const EditableJson& value() const noexcept { return value_; }

private:
    [[nodiscard]] const EditableJson& at(const JsonPath& path) const {
        const EditableJson* const found = value_.find(path);
        if (found == nullptr)
            fail(Errc::patch_failed,
                 '\'' + format_pointer(path) + "' leads to nothing; name a place that is there");
        return *found;
    }

    void move(const PatchOperation& operation) {
        EditableJson moved = at(operation.from);
        if (operation.from == operation.path) return;
        value_.remove(operation.from);
        value_.add(operation.path, std::move(moved));
    }

    EditableJson value_;
    JsonEquality equality_{NumberEquality::by_value};
};

/// What went wrong, and in which operation.
Error in_operation(std::size_t index, PatchVerb verb, Error error) {
    const std::string field = '/' + std::to_string(index);
    std::string message = "operation " + std::to_string(index) + " (";
    message += to_string(verb);
    message += ") of the JSON Patch: " + error.message;
    return {error.code, std::move(message), {{field, std::move(error.message)}}};
}

void perform_all(Patching& patching, const std::vector<PatchOperation>& operations) {
    for (std::size_t index = 0; index < operations.size(); ++index) {
        try {
            patching.perform(operations[index]);
        } catch (Failure& failure) {
            fail(in_operation(index, operations[index].verb, std::move(failure.error)));
        }
    }
}

}  // namespace

Result<JsonPatch> JsonPatch::parse(std::string_view text, const DocumentLimits& limits) {
    return guarded([&] {
        const ParsedJson json = must(parse_json(text, limits_of_patch(limits)));
        static_cast<void>(read_operations(json.root()));
        return JsonPatch(json.text());
    });
}

JsonPatch JsonPatch::between(const Document& before, const Document& after) {
    if (before == after) return {};
    const Outline old_outline(before.text());
    const Outline new_outline(after.text());
    return JsonPatch(make_patch(old_outline.root(before.text()), new_outline.root(after.text())));
}

Result<Document> JsonPatch::apply(const Document& document, const DocumentLimits& limits) const {
    return guarded([&] {
        const Outline patch_outline(text_);
        const Outline document_outline(document.text());
        Patching patching(document_outline.root(document.text()));
        perform_all(patching, read_operations(patch_outline.root(text_)));
        if (!patching.value().is_object())
            fail(Errc::patch_failed,
                 "the patched value is no object, as a document must be; keep it one");
        JsonWriter json(document.text().size());
        patching.value().write(json, limits.max_bytes);
        Document patched = DocumentAccess::make(std::move(json).take());
        must(check_limits(patched.text(), limits));
        return patched;
    });
}

}  // namespace verso
