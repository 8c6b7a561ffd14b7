// What the tests of the domain read texts with.
#pragma once

#include "domain/json_equality.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"
#include "domain/json_writer.hpp"

#include <verso/domain/document.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verso::test {

inline Document document(std::string_view text) { return Document::parse(text).value(); }

using Fields = std::vector<std::string>;

/// The fields that reading a Shape from this text reports.
template <class Shape>
Fields faults(std::string_view text) {
    const auto shape = Shape::from_document(document(text));
    if (shape) return {};
    CHECK(shape.error().code == Errc::resource_invalid);
    Fields fields;
    for (const FieldError& field : shape.error().fields) fields.push_back(field.field);
    return fields;
}

/// Whether both are equal as JSON values.
inline bool same(std::string_view a, std::string_view b,
                 NumberEquality numbers = NumberEquality::as_written) {
    const ParsedJson left = parse_json(a).value();
    const ParsedJson right = parse_json(b).value();
    return JsonEquality(numbers).same(left.root(), right.root());
}

/// An object with one member, whose name has a million bytes: an object of `count` members that are
/// `value` each. The pointers to them come to far more than the text.
inline std::string below_long_name(int count, int value) {
    std::string text = "{\"" + std::string(1'000'000, 'n') + "\":{";
    for (int i = 0; i < count; ++i) {
        text += i == 0 ? "\"a" : ",\"a";
        text += std::to_string(i) + "\":" + std::to_string(value);
    }
    return text + "}}";
}

inline boost::json::value read(std::string_view text) {
    return to_value(parse_json(text).value().root());
}

inline std::string written(const boost::json::value& value) {
    JsonWriter json;
    write_value(json, value);
    return std::move(json).take();
}

}  // namespace verso::test
