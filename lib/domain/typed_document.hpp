// How each typed struct is made of a document and written back into it: one way for all four.
#pragma once

#include "domain/document_patch.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/shapes.hpp"

#include <string_view>

namespace verso {

/// `what` names the shape in messages, as `action`.
template <class Shape>
[[nodiscard]] Result<Shape> shape_from_document(const Document& document, std::string_view what) {
    const Outline outline(document.text());
    Findings findings;
    Shape shape = read_shape<Shape>(outline.root(document.text()), findings);
    if (!findings.empty()) return std::move(findings).to_error(what);
    shape.document = document;
    return shape;
}

namespace detail {

template <class Shape>
[[nodiscard]] ParsedJson written(const Shape& shape) {
    JsonWriter json;
    write_shape(json, shape);
    return ParsedJson(std::move(json).take());
}

}  // namespace detail

/// The text is read again at the end: a struct may hold anything, a document only what can be put.
template <class Shape>
[[nodiscard]] Result<Document> shape_to_document(const Shape& shape, std::string_view what) {
    return guarded([&] {
        const ParsedJson next = detail::written(shape);
        std::string text = next.text();
        if (shape.document != Document()) {
            const Outline outline(shape.document.text());
            const JsonView root = outline.root(shape.document.text());
            Findings ignored;
            const ParsedJson previous = detail::written(read_shape<Shape>(root, ignored));
            text = patch_json(root, previous.root(), next.root());
        }
        const Document document = must(Document::parse(text, widest_limits));
        return must(shape_from_document<Shape>(document, what)).document;
    });
}

}  // namespace verso
