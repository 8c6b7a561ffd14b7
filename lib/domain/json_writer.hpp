// Writes compact JSON, out of values and of exact slices of other JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace verso {

/// Appends a JSON string: quotes, backslashes and control characters escaped, all else as it is.
/// Requires: `characters` are valid UTF-8.
void append_json_string(std::string& out, std::string_view characters);

/// Composes a JSON text and sets its commas.
///
///     JsonWriter json;
///     json.begin_object().key("name").string(name).key("schema").raw(slice).end_object();
///
/// Thread safety: movable.
class JsonWriter {
public:
    JsonWriter() = default;
    explicit JsonWriter(std::size_t expected_bytes) { out_.reserve(expected_bytes); }

    JsonWriter& begin_object() { return token("{"); }
    JsonWriter& end_object() { return closing('}'); }
    JsonWriter& begin_array() { return token("["); }
    JsonWriter& end_array() { return closing(']'); }

    JsonWriter& key(std::string_view name) { return string(name).closing(':'); }
    /// A key as it stands in another text, with its quotes.
    JsonWriter& raw_key(std::string_view key_token) { return token(key_token).closing(':'); }

    JsonWriter& string(std::string_view characters);
    JsonWriter& number(std::uint64_t value) { return token(std::to_string(value)); }
    JsonWriter& number(int value) { return token(std::to_string(value)); }
    JsonWriter& boolean(bool value) { return token(value ? "true" : "false"); }
    JsonWriter& null() { return token("null"); }
    /// A whole value as it stands in another text. Requires: compact JSON.
    JsonWriter& raw(std::string_view value) { return token(value); }

    /// Takes back what was written since the text was so long.
    JsonWriter& truncate(std::size_t size_bytes) {
        out_.resize(size_bytes);
        return *this;
    }

    [[nodiscard]] const std::string& text() const noexcept { return out_; }
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    /// A value follows another one exactly when the text does not end in what opens or names one.
    void separate() {
        if (out_.empty()) return;
        const char last = out_.back();
        if (last != '{' && last != '[' && last != ':') out_ += ',';
    }
    JsonWriter& token(std::string_view text) {
        separate();
        out_ += text;
        return *this;
    }
    JsonWriter& closing(char c) {
        out_ += c;
        return *this;
    }

    std::string out_;
};

}  // namespace verso
