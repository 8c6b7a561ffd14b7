#include <verso/domain/document.hpp>

#include "domain/document_access.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"

#include <algorithm>
#include <utility>

namespace verso {

namespace {

Result<std::string> compact_document(std::string_view text, const DocumentLimits& limits) {
    return compact_json(text, {.max_bytes = limits.max_bytes,
                               .max_depth = std::min(limits.max_depth, max_json_depth)});
}

}  // namespace

Result<Document> Document::parse(std::string_view text, const DocumentLimits& limits) {
    auto compact = compact_document(text, limits);
    if (!compact) return compact.error();
    if (compact->front() != '{')
        return Error{
            Errc::document_invalid, "the JSON is no object; put the value into a member", {}};
    return Document(std::move(*compact));
}

Result<Document> Document::from_object(const boost::json::object& object,
                                       const DocumentLimits& limits) {
    return guarded([&] {
        JsonWriter json;
        json.begin_object();
        for (const auto& member : object) write_value(json.key(member.key()), member.value());
        json.end_object();
        return Document(must(compact_document(json.text(), limits)));
    });
}

boost::json::object Document::to_object() const {
    return std::move(to_value(Outline(text_).root(text_)).as_object());
}

std::optional<std::string_view> Document::member(std::string_view name) const {
    const Outline outline(text_);
    const auto value = outline.root(text_).find(name);
    if (!value) return std::nullopt;
    return value->text();
}

}  // namespace verso
