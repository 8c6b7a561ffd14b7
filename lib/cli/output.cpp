#include "cli/output.hpp"

#include "cli/pretty_json.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace verso::cli {

Output::Output() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

void Output::print(std::string_view text) {
    constexpr std::size_t piece_bytes = 64 * 1024;
    pending_ += terminal_ ? terminal_safe(text) : text;
    if (pending_.size() >= piece_bytes) flush();
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
