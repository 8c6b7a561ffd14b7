#include "domain/json_value.hpp"

#include "domain/failure.hpp"
#include "domain/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace verso {

namespace {

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

boost::json::value to_number(std::string_view text) {
    // Negative zero has a sign that an integer would lose.
    if (text != "-0") {
        if (const auto value = read_number<std::int64_t>(text)) return *value;
        if (const auto value = read_number<std::uint64_t>(text)) return *value;
    }
    // None: so small that it rounds to zero, since numbers beyond a double's range are never taken
    // in.
    return read_number<double>(text).value_or(text.front() == '-' ? -0.0 : 0.0);
}

void check_utf8(std::string_view text) {
    if (find_invalid_utf8(text))
        fail(Errc::document_invalid,
             "a string of the value is not valid UTF-8; encode it as UTF-8");
}

void write_double(JsonWriter& json, double value) {
    if (!std::isfinite(value))
        fail(Errc::document_invalid,
             "the value holds a number that JSON has not (infinity or NaN); "
             "leave it out, or write it as a string");
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    static_cast<void>(error);  // 24 characters are enough for any double
    std::string_view digits(text, static_cast<std::size_t>(end - text));
    std::string number(digits);
    if (digits.find_first_of(".e") == digits.npos)
        number += ".0";  // stays a double when it is read again
    json.raw(number);
}

}  // namespace

boost::json::value to_value(JsonView view) {
    switch (view.type()) {
        case JsonType::null: return nullptr;
        case JsonType::boolean: return view.is_true();
        case JsonType::number: return to_number(view.text());
        case JsonType::string: return boost::json::string(view.string());
        case JsonType::array: {
            boost::json::array array;
            for (const JsonView element : view.elements()) array.push_back(to_value(element));
            return array;
        }
        case JsonType::object: break;
    }
    boost::json::object object;
    std::string scratch;
    for (const auto [key, value] : view.members())
        object.emplace(key.string(scratch), to_value(value));
    return object;
}

void write_value(JsonWriter& json, const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::null: json.null(); return;
        case boost::json::kind::bool_: json.boolean(value.get_bool()); return;
        case boost::json::kind::int64: json.raw(std::to_string(value.get_int64())); return;
        case boost::json::kind::uint64: json.number(value.get_uint64()); return;
        case boost::json::kind::double_: write_double(json, value.get_double()); return;
        case boost::json::kind::string:
            check_utf8(value.get_string());
            json.string(value.get_string());
            return;
        case boost::json::kind::array:
            json.begin_array();
            for (const auto& element : value.get_array()) write_value(json, element);
            json.end_array();
            return;
        case boost::json::kind::object: break;
    }
    json.begin_object();
    for (const auto& member : value.get_object()) {
        check_utf8(member.key());
        json.key(member.key());
        write_value(json, member.value());
    }
    json.end_object();
}

}  // namespace verso
