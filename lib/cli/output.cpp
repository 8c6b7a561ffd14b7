#include "cli/output.hpp"

#include "cli/pretty_json.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace verso::cli {

namespace {

/// What an environment variable holds; nothing where it is not set.
std::string_view environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

/// The parameter of the sequence that selects it. Source: ECMA-48, SGR.
std::string_view select(Colour colour) {
    switch (colour) {
        case Colour::none: return "0";
        case Colour::bold: return "1";
        case Colour::red: return "31";
        case Colour::green: return "32";
        case Colour::yellow: return "33";
        case Colour::cyan: return "36";
    }
    return "0";
}

}  // namespace

Output::Output()
    : terminal_(::isatty(STDOUT_FILENO) == 1),
      colours_(terminal_ && environment("NO_COLOR").empty() && environment("TERM") != "dumb") {}

void Output::print(std::string_view text, Colour colour) {
    constexpr std::size_t piece_bytes = 64 * 1024;
    const bool coloured = colours_ && colour != Colour::none;
    if (coloured) pending_.append("\x1b[").append(select(colour)).append("m");
    pending_ += terminal_ ? terminal_safe(text) : text;
    if (coloured) pending_ += "\x1b[0m";
    if (pending_.size() >= piece_bytes) flush();
}

void Output::write(std::string_view bytes) {
    if (terminal_)
        fail(Errc::option_invalid,
             "a terminal cannot show these bytes; send them into a file or to another program");
    pending_ += bytes;
    flush();
}

void Output::print_json(std::string_view document, Layout layout) {
    const bool pretty = layout == Layout::pretty || (layout == Layout::suited && terminal_);
    print(pretty ? pretty_json(document) : document);
    print("\n");
}

void Output::flush() {
    std::string_view rest = pending_;
    while (!rest.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const int code = errno;
            pending_.clear();
            fail(Errc::io_failed,
                 "cannot write to standard output: " + std::string(std::strerror(code)));
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    pending_.clear();
}

void print_error(std::string_view line) {
    std::fprintf(stderr, "%s\n", terminal_safe(line).c_str());
}

}  // namespace verso::cli
