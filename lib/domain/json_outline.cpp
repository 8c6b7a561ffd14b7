#include "domain/json_outline.hpp"

#include "domain/hex.hpp"
#include "domain/json_scan.hpp"
#include "domain/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace verso {

namespace {

using detail::JsonNode;

/// What a value without children is to a range: nothing behind it.
constexpr JsonNode no_children{0, 0, 1, JsonType::null, false};

/// Walks valid compact text and writes the tape.
class OutlineBuilder {
public:
    OutlineBuilder(std::string_view text, std::vector<JsonNode>& nodes)
        : text_(text), nodes_(nodes) {}

    void run() {
        while (at_ < text_.size()) {
            switch (text_[at_]) {
                case '{': open(JsonType::object); break;
                case '[': open(JsonType::array); break;
                case '}':
                case ']': close(); break;
                case ',':
                case ':': ++at_; break;
                case '"': take_string(); break;
                default: take_literal();
            }
        }
    }

private:
    void open(JsonType type) {
        open_.push_back(static_cast<std::uint32_t>(nodes_.size()));
        add(type, 1);
    }

    void close() {
        JsonNode& node = nodes_[open_.back()];
        ++at_;
        node.size = static_cast<std::uint32_t>(at_) - node.offset;
        node.nodes = static_cast<std::uint32_t>(nodes_.size()) - open_.back();
        open_.pop_back();
    }

    void take_string() {
        const StringToken token = scan_string(text_, at_);
        add(JsonType::string, token.end - at_);
        nodes_.back().escaped = token.escaped;
    }

    void take_literal() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != ',' && text_[end] != '}' && text_[end] != ']')
            ++end;
        add(literal_type(text_[at_]), end - at_);
    }

    static JsonType literal_type(char first) {
        if (first == 'n') return JsonType::null;
        return first == 't' || first == 'f' ? JsonType::boolean : JsonType::number;
    }

    void add(JsonType type, std::size_t size) {
        nodes_.push_back(
            {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(size), 1, type, false});
        at_ += size;
    }

    std::string_view text_;
    std::vector<JsonNode>& nodes_;
    std::vector<std::uint32_t> open_;
    std::size_t at_ = 0;
};

char32_t four_hex_digits(std::string_view digits) {
    unsigned value = 0;
    for (const char digit : digits.substr(0, 4))
        value = value << 4 | static_cast<unsigned>(hex_value(digit));
    return value;
}

/// Appends what the \u escape at the front of `rest` stands for, and answers its length.
std::size_t append_unicode_escape(std::string& out, std::string_view rest) {
    const char32_t first = four_hex_digits(rest.substr(2));
    if (first < 0xd800 || first > 0xdfff) {
        append_utf8(out, first);
        return 6;
    }
    const char32_t second = four_hex_digits(rest.substr(8));
    append_utf8(out, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    return 12;
}

char simple_escape(char letter) {
    switch (letter) {
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return letter;
    }
}

void append_unescaped(std::string& out, std::string_view token) {
    while (!token.empty()) {
        const std::size_t plain = std::min(token.find('\\'), token.size());
        out += token.substr(0, plain);
        token.remove_prefix(plain);
        if (token.empty()) return;
        if (token[1] == 'u') {
            token.remove_prefix(append_unicode_escape(out, token));
        } else {
            out += simple_escape(token[1]);
            token.remove_prefix(2);
        }
    }
}

/// A pointer's next token, decoded; none where a `~` is followed by neither 0 nor 1.
std::optional<std::string> decode_pointer_token(std::string_view token) {
    std::string name;
    for (std::size_t at = 0; at < token.size(); ++at) {
        if (token[at] != '~') {
            name += token[at];
            continue;
        }
        const char code = ++at < token.size() ? token[at] : '\0';
        if (code != '0' && code != '1') return std::nullopt;
        name += code == '0' ? '~' : '/';
    }
    return name;
}

std::optional<JsonView> find_element(JsonView array, std::string_view token) {
    auto index = parse_index(token);
    if (!index) return std::nullopt;
    for (const JsonView element : array.elements())
        if ((*index)-- == 0) return element;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(JsonType type) noexcept {
    constexpr std::array<std::string_view, 6> names{"null",     "true or false", "a number",
                                                    "a string", "an array",      "an object"};
    return names[static_cast<std::size_t>(type)];
}

Outline::Outline(std::string_view compact) {
    constexpr std::size_t usual_bytes_per_node = 14;
    nodes_.reserve(compact.size() / usual_bytes_per_node + 1);
    OutlineBuilder(compact, nodes_).run();
}

std::string JsonView::string() const {
    std::string scratch;
    return std::string(string(scratch));
}

std::string_view JsonView::string(std::string& scratch) const {
    const std::string_view token = text().substr(1, node_->size - 2);
    if (!node_->escaped) return token;
    scratch.clear();
    append_unescaped(scratch, token);
    return scratch;
}

bool JsonView::is_string(std::string_view characters) const {
    if (!is_string()) return false;
    if (!node_->escaped) return text().substr(1, node_->size - 2) == characters;
    if (node_->size - 2 < characters.size()) return false;  // unescaping only shortens
    return string() == characters;
}

std::optional<std::int64_t> JsonView::integer() const noexcept {
    std::int64_t value = 0;
    const std::string_view digits = text();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

JsonRange<JsonMember> JsonView::members() const noexcept {
    return JsonRange<JsonMember>(is_object() ? *this : JsonView{nullptr, &no_children});
}

JsonRange<JsonView> JsonView::elements() const noexcept {
    return JsonRange<JsonView>(is_array() ? *this : JsonView{nullptr, &no_children});
}

std::optional<JsonView> JsonView::find(std::string_view name) const {
    for (const auto [key, value] : members())
        if (key.is_string(name)) return value;
    return std::nullopt;
}

std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer) {
    std::vector<std::string> tokens;
    while (!pointer.empty()) {
        if (pointer.front() != '/') return std::nullopt;
        pointer.remove_prefix(1);
        const std::size_t size = std::min(pointer.find('/'), pointer.size());
        auto token = decode_pointer_token(pointer.substr(0, size));
        pointer.remove_prefix(size);
        if (!token) return std::nullopt;
        tokens.push_back(std::move(*token));
    }
    return tokens;
}

std::optional<std::size_t> parse_index(std::string_view token) noexcept {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool leading_zero = token.size() > 1 && token.front() == '0';
    if (error != std::errc{} || end != token.data() + token.size() || leading_zero)
        return std::nullopt;
    return index;
}

std::optional<JsonView> find_pointer(JsonView root, std::string_view pointer) {
    const auto tokens = parse_pointer(pointer);
    if (!tokens) return std::nullopt;
    for (const std::string& token : *tokens) {
        const auto next = root.is_array() ? find_element(root, token) : root.find(token);
        if (!next) return std::nullopt;
        root = *next;
    }
    return root;
}

void append_pointer(std::string& pointer, std::string_view name) {
    pointer += '/';
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace verso
