// JSON that a seed fixes: every token form that RFC 8259 has, with and without white space between
// them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace verso::test {

class RandomJson {
public:
    explicit RandomJson(std::uint64_t seed) : random_(seed) {}

    /// One text: its tokens. Joined, they are the compact text.
    std::vector<std::string> object(int depth = 4) {
        tokens_.clear();
        add_object(depth);
        return std::move(tokens_);
    }

    static std::string joined(const std::vector<std::string>& tokens) {
        std::string text;
        for (const std::string& token : tokens) text += token;
        return text;
    }

    /// The tokens with white space around some of them.
    std::string spaced(const std::vector<std::string>& tokens) {
        std::string text = space();
        for (const std::string& token : tokens) text += token + space();
        return text;
    }

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

private:
    template <std::size_t n>
    std::string one_of(const char* const (&choices)[n]) {
        return choices[below(n)];
    }

    std::string space() { return one_of({"", "", "", " ", "\n", "\t", "\r\n", "   "}); }

    std::string string_token(const std::string& unique = {}) {
        std::string token = "\"" + unique;
        for (std::size_t parts = below(5); parts > 0; --parts)
            token += one_of({"a", "plain text of some length", " ", "\\n", "\\\"", "\\\\", "\\/",
                             "\\u0041", "\\u00e9", "\\ud83d\\ude80", "\\u0000", "\xc3\xa9",
                             "\xf0\x9f\x9a\x80", "{", "]", ",", ":", "\x7f"});
        return token + "\"";
    }

    std::string number_token() {
        return one_of({"0",
                       "-0",
                       "1",
                       "-1",
                       "1.10",
                       "1.0",
                       "0.1",
                       "1e5",
                       "1E+5",
                       "1e-5",
                       "12345678901234567890",
                       "123456789012345678901234567890",
                       "-9223372036854775808",
                       "9223372036854775807",
                       "1.7976931348623157e308",
                       "4.9e-324",
                       "1e-400",
                       "0e400",
                       "0.30000000000000004",
                       "100"});
    }

    void add_value(int depth) {
        switch (below(depth > 0 ? 8 : 5)) {
            case 0: tokens_.push_back("null"); return;
            case 1: tokens_.push_back(below(2) == 0 ? "true" : "false"); return;
            case 2: tokens_.push_back(number_token()); return;
            case 3:
            case 4: tokens_.push_back(string_token()); return;
            case 5: add_array(depth - 1); return;
            default: add_object(depth - 1);
        }
    }

    void add_array(int depth) {
        tokens_.push_back("[");
        for (std::size_t i = 0, size = below(5); i < size; ++i) {
            if (i > 0) tokens_.push_back(",");
            add_value(depth);
        }
        tokens_.push_back("]");
    }

    void add_object(int depth) {
        tokens_.push_back("{");
        for (std::size_t i = 0, size = below(6); i < size; ++i) {
            if (i > 0) tokens_.push_back(",");
            // A number in front keeps the names of one object apart.
            tokens_.push_back(string_token(std::to_string(i) + "_"));
            tokens_.push_back(":");
            add_value(depth);
        }
        tokens_.push_back("}");
    }

    std::mt19937_64 random_;
    std::vector<std::string> tokens_;
};

}  // namespace verso::test
