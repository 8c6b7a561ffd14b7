#include "domain/json_writer.hpp"

#include "domain/hex.hpp"

namespace verso {

namespace {

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: out += "\\u00"; append_hex(out, static_cast<std::uint8_t>(c));
    }
}

constexpr bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

}  // namespace

void append_json_string(std::string& out, std::string_view characters) {
    out += '"';
    std::size_t run = 0;
    for (std::size_t at = 0; at < characters.size(); ++at) {
        if (!needs_escape(characters[at])) continue;
        out += characters.substr(run, at - run);
        append_escape(out, characters[at]);
        run = at + 1;
    }
    out += characters.substr(run);
    out += '"';
}

JsonWriter& JsonWriter::string(std::string_view characters) {
    separate();
    append_json_string(out_, characters);
    return *this;
}

}  // namespace verso
