// Documents and edits of them that a seed fixes: few names and values, so that two edits often meet
// in one place; arrays whose elements have an identity and arrays whose elements have none; numbers
// and strings that are equal though they are written differently.
#pragma once

#include "domain/json_parser.hpp"
#include "domain/json_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verso::test {

class RandomEdits {
public:
    explicit RandomEdits(std::uint64_t seed) : random_(seed) {}

    std::string document(int depth = 4) { return object(depth, {}); }

    /// The document after some edits, none of them with a chance of one in eight.
    std::string edited(std::string_view document) {
        if (below(8) == 0) return std::string(document);
        const ParsedJson json = parse_json(document).value();
        return edited_object(json.root(), 4);
    }

    std::string value(int depth) {
        switch (below(depth > 0 ? 9 : 5)) {
            case 0: return one_of({"null", "true", "false"});
            case 1: return one_of({"1", "1.0", "1.00", "10e-1", "-0", "0"});
            case 2: return one_of({"\"a\"", "\"\\u0061\"", "\"b\"", "\"\"", "\"1\""});
            case 3: return one_of({"{}", "[]", "\"{\\\"a\\\": 1}\"", "2"});
            case 4: return std::to_string(below(100));
            case 5: return plain_array(depth - 1);
            case 6: return identified_array(depth - 1);
            default: return object(depth - 1, {});
        }
    }

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

    std::string one_of(const std::vector<std::string>& choices) {
        return choices[below(choices.size())];
    }

    /// A name as it may be written: some hold what a JSON Pointer encodes.
    std::string name_token() {
        return one_of({"\"a\"", "\"b\"", "\"\\u0063\"", "\"c\"", "\"d~/\"", "\"\"", "\"0\"",
                       "\"schema\"", "\"x\""});
    }

private:
    using Member = std::pair<std::string, std::string>;

    static std::string written(const std::vector<Member>& members) {
        std::vector<std::string> names;
        JsonWriter json;
        json.begin_object();
        for (const auto& [key, value] : members) {
            const std::string name = parse_json(key).value().root().string();
            if (std::find(names.begin(), names.end(), name) != names.end()) continue;
            names.push_back(name);
            json.raw_key(key).raw(value);
        }
        return std::move(json.end_object()).take();
    }

    static std::string written(const std::vector<std::string>& elements) {
        JsonWriter json;
        json.begin_array();
        for (const std::string& element : elements) json.raw(element);
        return std::move(json.end_array()).take();
    }

    std::string object(int depth, std::vector<Member> members) {
        for (std::size_t count = below(5); count > 0; --count)
            members.emplace_back(name_token(), value(depth));
        return written(members);
    }

    std::string plain_array(int depth) {
        std::vector<std::string> elements;
        for (std::size_t count = below(6); count > 0; --count) elements.push_back(value(depth));
        return written(elements);
    }

    /// An element that is told apart by what its array's elements are told apart by.
    std::string identified(const std::string& by, int depth) {
        const std::string number = std::to_string(below(6));
        if (by == "name")
            return object(depth, {{"\"name\"", '"' + number + '"'},
                                  {"\"in\"", one_of({"\"query\"", "\"header\""})}});
        if (by == "status" && number == "0") return object(depth, {});
        return object(depth, {{'"' + by + '"', number}});
    }

    std::string identified_array(int depth) {
        const std::string by = one_of({"name", "id", "status"});
        std::vector<std::string> elements;
        for (std::size_t count = below(6); count > 0; --count)
            elements.push_back(identified(by, depth));
        return written(elements);
    }

    std::string edited_value(JsonView value, int depth) {
        if (below(6) != 0) {
            if (value.is_object()) return edited_object(value, depth - 1);
            if (value.is_array()) return edited_array(value, depth - 1);
        }
        return below(3) == 0 ? this->value(std::max(depth - 1, 0)) : std::string(value.text());
    }

    std::string edited_object(JsonView object, int depth) {
        std::vector<Member> members;
        for (const auto [key, value] : object.members()) {
            if (below(10) == 0) continue;
            const bool edit = below(3) == 0;
            members.emplace_back(key.text(),
                                 edit ? edited_value(value, depth) : std::string(value.text()));
        }
        if (below(4) == 0) members.emplace_back(name_token(), value(std::max(depth, 0)));
        if (below(6) == 0) std::shuffle(members.begin(), members.end(), random_);
        return written(members);
    }

    std::string edited_array(JsonView array, int depth) {
        std::vector<std::string> elements;
        std::string by = "name";
        for (const JsonView element : array.elements()) {
            for (const char* const name : {"name", "id", "status"})
                if (element.find(name)) by = name;
            if (below(10) == 0) continue;
            const bool edit = below(3) == 0;
            elements.push_back(edit ? edited_value(element, depth) : std::string(element.text()));
        }
        for (std::size_t count = below(4) / 2; count > 0; --count) {
            const auto place = static_cast<std::ptrdiff_t>(below(elements.size() + 1));
            elements.insert(elements.begin() + place, below(4) == 0
                                                          ? value(std::max(depth, 0))
                                                          : identified(by, std::max(depth, 0)));
        }
        if (elements.size() > 1 && below(8) == 0)
            std::swap(elements[below(elements.size())], elements[below(elements.size())]);
        return written(elements);
    }

    std::mt19937_64 random_;
};

}  // namespace verso::test
