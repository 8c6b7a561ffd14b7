#include "cli/pretty_json.hpp"

#include <cstddef>

namespace verso::cli {

namespace {

/// Where the string ends that begins at `at`, behind its closing quote.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return at + 1;
}

class PrettyPrinter {
public:
    explicit PrettyPrinter(std::string_view compact) : compact_(compact) {}

    std::string take() && {
        for (std::size_t at = 0; at < compact_.size();) at = place(at);
        return std::move(out_);
    }

private:
    /// Places the token, or one character of it, and answers where the next one begins.
    std::size_t place(std::size_t at) {
        const char c = compact_[at];
        const char next = at + 1 < compact_.size() ? compact_[at + 1] : '\0';
        switch (c) {
            case '"': {
                const std::size_t end = end_of_string(compact_, at);
                out_ += compact_.substr(at, end - at);
                return end;
            }
            case '{':
            case '[':
                out_ += c;
                if (next == c + 2) {  // '}' and ']' stand two behind what opens them
                    out_ += next;
                    return at + 2;
                }
                ++depth_;
                break_line();
                return at + 1;
            case '}':
            case ']':
                --depth_;
                break_line();
                out_ += c;
                return at + 1;
            case ',':
                out_ += c;
                break_line();
                return at + 1;
            case ':': out_ += ": "; return at + 1;
            default: out_ += c; return at + 1;
        }
    }

    void break_line() {
        out_ += '\n';
        out_.append(2 * depth_, ' ');
    }

    std::string_view compact_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string pretty_json(std::string_view compact) { return PrettyPrinter(compact).take(); }

}  // namespace verso::cli
